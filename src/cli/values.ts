import { type BeadId, parseBeadId } from '../town/ids.ts';
import type { BeadStatus, BeadType, Priority } from '../town/bead.ts';
import { plain } from '../words/plain.ts';
import { CommandError, exitCodes, misused } from './commandError.ts';
import type { Asked } from './verb.ts';

/** What the parser held against the flag's values is of their type. */
export function priorityOf({ given }: Asked): Priority | null {
  return given.maybe('priority') as Priority | null;
}
export function typeOf({ given }: Asked): BeadType | null {
  return given.maybe('type') as BeadType | null;
}
export function statusesOf({ given }: Asked): readonly BeadStatus[] {
  return given.all('status') as readonly BeadStatus[];
}

/** A number that is none is a mistake; 0 is all. */
export function limitOf({ given }: Pick<Asked, 'given'>, usual: number): number {
  const text = given.maybe('limit');
  if (text === null) return usual;
  if (!/^\d{1,7}$/.test(text)) throw misused(`“${plain(text, 40)}” is no number for --limit.`);
  return text === '0' ? Infinity : Number(text);
}

export function beadIdsIn(words: readonly string[]): readonly BeadId[] {
  return words.map((word) => {
    const id = parseBeadId(word);
    if (id === null)
      throw misused(
        `“${plain(word, 40)}” is no bead’s id; one looks like gt-abc12. \`rigs bead list\` lists them.`,
      );
    return id;
  });
}

/** A value of several words; `-` is what came on stdin. */
export function textOf({ given, stdin }: Asked, name: string): string | null {
  const text = given.maybe(name);
  return text === '-' ? stdin : text;
}

/** As long as the door takes them (`gateway/wishes.ts`). */
const longest = { line: 2_000, text: 200_000 } as const;

export function within(kind: keyof typeof longest, name: string, text: string): string {
  if (text.length > longest[kind])
    throw misused(
      `The ${name} has ${String(text.length)} characters; at most ${String(longest[kind])} are taken.`,
    );
  return text;
}

/** Does the same to several, the others too when one is refused; says what became of each. */
export async function each<T>(all: readonly T[], act: (one: T) => Promise<string>): Promise<string> {
  const lines: string[] = [];
  let worst: CommandError | null = null;
  for (const one of all) {
    try {
      lines.push(await act(one));
    } catch (error) {
      if (!CommandError.is(error)) throw error;
      // The highest number says the most: that nobody answers, or that it is not there.
      if (worst === null || exitCodes[error.reason] > exitCodes[worst.reason]) worst = error;
      lines.push(error.message);
    }
  }
  if (worst !== null) throw new CommandError(worst.reason, [...new Set(lines)].join('\n'), { cause: worst });
  return lines.join('\n');
}

/** `40%`, `0.4`, `full`, `empty`, or tokens of a limit whose size is known, as a fraction. Throws `CommandError` `usage`. */
export function fractionOf(text: string, capacity: number | null): number {
  const words = new Map([
    ['full', 1],
    ['empty', 0],
  ]);
  const word = words.get(text);
  if (word !== undefined) return word;
  const [, digits = '', percent] = /^(\d{1,15}(?:\.\d{1,9})?)(%?)$/.exec(text) ?? [];
  const number = digits === '' ? NaN : Number(digits);
  const isTokens = percent === '' && !digits.includes('.') && number > 1;
  if (isTokens && capacity === null)
    throw misused('How much that limit holds is not known, so say a part of it: 40%, 0.4, full or empty.');
  const left = percent === '%' ? number / 100 : isTokens ? number / Math.max(1, capacity ?? 1) : number;
  if (!(left >= 0 && left <= 1))
    throw misused(
      `“${plain(text, 40)}” is no level. Say what is left: 40%, 0.4, full, empty, or a number of tokens that the limit can hold.`,
    );
  return left;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `24h`, `7d` in ms. Throws `CommandError` `usage`. */
export function durationOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (ms === undefined) throw misused(`“${plain(text, 40)}” is no time. Say 90m, 24h or 7d.`);
  return Number(digits) * ms;
}
