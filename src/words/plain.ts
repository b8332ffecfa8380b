/* eslint-disable no-control-regex -- control characters are this file's subject */

/**
 * Terminal sequences with what belongs to them: CSI (colours, cursor) and closed OSC (titles, links). No
 * introducer may stand inside, or a row of them would be scanned again from each.
 */
const sequences =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\u009d]*(?:\u0007|\u001b\\|\u009c)/g;

/**
 * Characters a person cannot see but a terminal, a tree or a reader acts on: controls, direction marks
 * (UAX #9), zero-width joiners and spaces, line and paragraph separators, tags, halves of a pair.
 */
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text of an agent, a repository or a model as one harmless line of at most `max` characters. */
export function plain(text: string, max = 200): string {
  // Cut before matching too: nobody reads more, and a megabyte in a title must cost nothing.
  const near = text.slice(0, max * 8 + 1024);
  const line = withoutSequences(near).replace(unseen, '').replace(/\s+/g, ' ').trim();
  return cut(line, max, near.length < text.length);
}

/** The same for text of several lines: tabs and line ends stay. */
export function plainLines(text: string): string {
  return withoutSequences(text.replace(/\r\n?/g, '\n')).replace(unseen, '');
}

/**
 * Exactly what would be done, for a person who decides about it: nothing is left out, what cannot be seen is
 * written as an escape. Longer than `max`, the middle gives way, because both ends can hide something.
 */
export function visible(text: string, max = 2_000): string {
  const shown = text
    .slice(0, max * 2)
    .concat(text.length > max * 2 ? text.slice(-max) : '')
    .replace(unseen, escaped)
    .replace(/[\t\n]/g, (one) => (one === '\n' ? '\\n' : '\\t'));
  const characters = Array.from(shown);
  if (characters.length <= max && text.length <= max * 2) return shown;
  const half = Math.floor(max / 2);
  return `${characters.slice(0, half).join('')} … ${characters.slice(-half).join('')}`;
}

/** The whole of it over several lines, for a document: what cannot be seen is written as an escape. */
export function visibleLines(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(unseen, escaped);
}

function withoutSequences(text: string): string {
  return text.replace(sequences, '');
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** By whole characters, so that no half of a pair is left over. */
function cut(line: string, max: number, more: boolean): string {
  const characters = Array.from(line);
  if (characters.length <= max) return more ? `${line}…` : line;
  return `${characters
    .slice(0, Math.max(0, max - 1))
    .join('')
    .trimEnd()}…`;
}
