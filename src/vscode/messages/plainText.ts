import { maxText } from './fields.ts';

/**
 * Invisible characters that change what a reader sees: C0 and C1 controls (a terminal's colours begin with one),
 * the direction marks of Unicode (UAX #9) that show text in another order than it runs, and zero-width ones.
 */
const invisible = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** One line that looks like what it is: hidden characters become visible, and what is too long says so. */
export function plainText(text: string, limit: number = maxText): string {
  const line = text
    .slice(0, limit * 2)
    .replace(/\s*[\r\n]+\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replace(invisible, shown);
  return line.length > limit || text.length > limit * 2
    ? `${wholeCharacters(line.slice(0, limit - 1))}…`
    : line;
}

/** Control characters have pictures of their own (U+2400 on); the others are named by number. */
function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** A cut never leaves half of a surrogate pair behind. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
