/** What needs no quotes in any common shell. */
const plain = /^[\w@%+=:,./-]+$/;

/**
 * A command as one line, quoted so that a person reads it as a shell would: two different commands never print the
 * same. Only for reading and comparing; nothing of Rigs hands it to a shell. What a terminal would obey or hide
 * (control characters, reversed text) is shown by its code.
 */
export function printCommand(file: string, args: readonly string[]): string {
  return [file, ...args].map(quoted).join(' ');
}

function quoted(word: string): string {
  if (plain.test(word)) return word;
  if (!hidden.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  return `$'${word.replaceAll(/['\\]/g, '\\$&').replaceAll(everyHidden, escaped)}'`;
}

/** Controls, separators of lines, text direction, invisible and unpaired characters. */
const hiddenClass = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]';
const hidden = new RegExp(hiddenClass, 'u');
const everyHidden = new RegExp(hiddenClass, 'gu');

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
