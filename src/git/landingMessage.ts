import type { LandingMessage } from '../ports/git.ts';

type Trailer = readonly [string, string];

/** A commit message: title, text, and the trailers as its last block, where `git interpret-trailers` looks for them. */
export function messageText({ subject, body, trailers }: LandingMessage): string {
  const title = oneLine(subject);
  // What git takes for the end of the message would make trailers of whatever stands before it.
  const text = cleaned(body).replaceAll(/^---/gm, ' ---');
  const parts = [title === '' ? 'Landed' : title, text, linesOf(trailers).join('\n')];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** A commit's own message with the trailers it does not have yet. */
export function withTrailers(text: string, trailers: readonly Trailer[]): string {
  const own = cleaned(text);
  const paragraphs = own.split(/\n{2,}/);
  const block = paragraphs.length < 2 ? [] : (paragraphs.at(-1) ?? '').split('\n');
  const isBlock = block.length > 0 && block.every((line) => trailerLine.test(line));
  const standing = new Set(isBlock ? block : []);
  const missing = linesOf(trailers).filter((line) => !standing.has(line));
  if (missing.length === 0) return `${own}\n`;
  return `${own}${isBlock ? '\n' : '\n\n'}${missing.join('\n')}\n`;
}

/** Or the next line of one that goes on. */
const trailerLine = /^([A-Za-z0-9-]+:|[ \t]+\S)/;

function linesOf(trailers: readonly Trailer[]): readonly string[] {
  const lines = trailers
    .map(([key, value]) => [oneLine(key).replaceAll(/[^A-Za-z0-9-]+/g, '-'), oneLine(value)] as const)
    .filter(([key, value]) => key !== '' && value !== '')
    .map(([key, value]) => `${key}: ${value}`);
  return [...new Set(lines)];
}

/** Everything that some program takes for a line's end, or that moves a terminal's cursor, becomes a space. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** As `git commit --cleanup=whitespace` leaves it. */
function cleaned(text: string): string {
  const lines = text.replaceAll('\0', '').split(/\r?\n/);
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/^\n+|\n+$/g, '');
}
