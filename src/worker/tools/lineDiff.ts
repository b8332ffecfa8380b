export interface DiffCount {
  readonly added: number;
  readonly removed: number;
}

/** Above this many cells the middle counts as replaced; nobody waits for an exact number. */
const maxCells = 4_000_000;

/** How many lines a change adds and removes, as a diff would count them. */
export function countChanges(before: string, after: string): DiffCount {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  const a = old.slice(start, old.length - end);
  const b = now.slice(start, now.length - end);
  const common = a.length * b.length > maxCells ? 0 : commonLines(a, b);
  return { added: b.length - common, removed: a.length - common };
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

/** Length of the longest common subsequence. */
function commonLines(a: readonly string[], b: readonly string[]): number {
  let row = new Uint32Array(b.length + 1);
  for (const line of a) {
    const next = new Uint32Array(b.length + 1);
    for (let column = 1; column <= b.length; column += 1) {
      next[column] =
        line === b[column - 1]
          ? (row[column - 1] ?? 0) + 1
          : Math.max(row[column] ?? 0, next[column - 1] ?? 0);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
