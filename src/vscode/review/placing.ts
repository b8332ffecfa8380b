import { GitError } from '../../ports/git.ts';
import type { FileMove } from '../../ports/git.ts';
import { type Anchored, anchor } from '../../town/anchor.ts';
import type { CommitId } from '../../town/ids.ts';
import type { ReviewPlace, ReviewThread } from '../../town/review.ts';

/** A comment where it belongs in the commits that are looked at now. */
export interface Placed {
  readonly thread: ReviewThread;
  readonly path: string;
  readonly at: Anchored;
}

type LineMoves = (
  between: readonly [CommitId, CommitId],
  paths: readonly string[],
) => Promise<readonly FileMove[]>;

/**
 * Comments in a diff of two commits, wherever they were written. What git cannot tell any more, because the commits
 * they were written on are gone, stands where it was written, as outdated; `failed` hears why.
 */
export async function placeThreads(
  threads: readonly ReviewThread[],
  [base, changed]: readonly [CommitId, CommitId],
  moves: LineMoves,
  failed: (error: unknown) => void,
): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  for (const [from, group] of byCommit(threads)) {
    for (const [to, some] of [
      [base, group.filter(({ place }) => place.side === 'base')],
      [changed, group.filter(({ place }) => place.side === 'changed')],
    ] as const) {
      if (some.length > 0) placed.push(...(await follow(some, from, to, moves, failed)));
    }
  }
  return placed;
}

function byCommit(threads: readonly ReviewThread[]): ReadonlyMap<CommitId, readonly ReviewThread[]> {
  return Map.groupBy(threads, ({ place }) => place.commit);
}

async function follow(
  threads: readonly ReviewThread[],
  from: CommitId,
  to: CommitId,
  moves: LineMoves,
  failed: (error: unknown) => void,
): Promise<readonly Placed[]> {
  if (from === to) return threads.map((thread) => asWritten(thread, false));
  const paths = [...new Set(threads.map(({ place }) => place.path))];
  try {
    const told = await moves([from, to], paths);
    const move = new Map(paths.map((path, index) => [path, told[index]]));
    return threads.map((thread) => moved(thread, move.get(thread.place.path)));
  } catch (error) {
    if (!GitError.is(error)) throw error;
    failed(error);
    return threads.map((thread) => asWritten(thread, true));
  }
}

function asWritten(thread: ReviewThread, outdated: boolean): Placed {
  const { path, from, to }: ReviewPlace = thread.place;
  return { thread, path, at: { from, to, outdated } };
}

function moved(thread: ReviewThread, move: FileMove | undefined): Placed {
  if (move === undefined) return asWritten(thread, true);
  // The file went: its comments stand at the top of where it was.
  if (move.path === null) return { thread, path: thread.place.path, at: { from: 1, to: 1, outdated: true } };
  return { thread, path: move.path, at: anchor(move.hunks, thread.place) };
}
