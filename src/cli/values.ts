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
