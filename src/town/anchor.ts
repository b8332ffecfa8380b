/** One place where two versions of a file differ, as git tells it without context. Lines count from 1. */
export interface Hunk {
  /** First line that went; where none did, the line after which others came. */
  readonly from: number;
  readonly removed: number;
  /** First line that came; where none did, the line after which others went. */
  readonly to: number;
  readonly added: number;
}

/** Lines of a file, both included, counted from 1. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export interface Anchored extends LineRange {
  /** None of the lines is there any more; the range is the line nearest to where they were. */
  readonly outdated: boolean;
}

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The hunks of one file's diff without context (`git diff -U0`). */
export function readHunks(diff: string): readonly Hunk[] {
  return diff.split('\n').flatMap((line) => {
    const found = header.exec(line);
    if (found === null) return [];
    const [, from, removed = '1', to, added = '1'] = found;
    return [{ from: Number(from), removed: Number(removed), to: Number(to), added: Number(added) }];
  });
}

/** Where lines of the old version are in the new one. Hunks are in the order of the file. */
export function anchor(hunks: readonly Hunk[], { from, to }: LineRange): Anchored {
  const kept = Array.from({ length: to - from + 1 }, (_, index) => moved(hunks, from + index)).filter(
    (one) => one !== null,
  );
  const [first, last] = [kept.at(0), kept.at(-1)];
  if (first !== undefined && last !== undefined) return { from: first, to: last, outdated: false };
  const near = nearest(hunks, from);
  return { from: near, to: near, outdated: true };
}

/** Null: the line went. */
function moved(hunks: readonly Hunk[], line: number): number | null {
  let shift = 0;
  for (const { from, removed, added } of hunks) {
    const before = removed === 0 ? from : from - 1;
    if (line <= before) break;
    if (line <= before + removed) return null;
    shift += added - removed;
  }
  return line + shift;
}

function nearest(hunks: readonly Hunk[], line: number): number {
  const hunk = hunks.findLast(({ from, removed }) => removed > 0 && from <= line);
  return Math.max(1, hunk?.to ?? line);
}
