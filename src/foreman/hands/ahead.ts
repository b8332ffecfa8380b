import { type Ahead, firstTips, foreseen } from '../../town/ahead.ts';
import type { CommitId } from '../../town/ids.ts';
import type { Batch } from '../../town/queue.ts';
import { toMerge } from './toMerge.ts';
import type { HandContext } from './context.ts';

/**
 * While the checks run, makes ready what comes after them: the next line is merged, which `git` remembers, and a room
 * cleaned for each tip that may be first. Nothing depends on it.
 */
export async function workAhead(
  context: HandContext,
  batch: Batch,
  length: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    const all = foreseen(context.state(), batch, length, context.settings().refinery, context.clock.now());
    for (const ahead of all) {
      for (const tip of await tipsOf(context, ahead, signal)) {
        if (signal.aborted) return;
        await makeReady(context, tip);
      }
    }
  } catch {
    // Whatever it is, it is told once its turn has come, if it fails then, too.
  }
}

async function tipsOf(context: HandContext, ahead: Ahead, signal: AbortSignal): Promise<readonly CommitId[]> {
  if (ahead.kind === 'tips') return ahead.tips;
  const commits: CommitId[] = [];
  for (const id of ahead.line) {
    const request = context.state().requests[id];
    if (signal.aborted || request === undefined) return [];
    const { git, repository } = context;
    const merged = await git.mergeOnto(repository, commits.at(-1) ?? ahead.onto, toMerge(context, request));
    if (merged.ok && !merged.empty) commits.push(merged.commit);
  }
  return firstTips(commits, context.state(), context.settings().refinery);
}

/** A run ends in one of two ways. */
const waysOut = 2;

function makeReady(context: HandContext, tip: CommitId): Promise<void> {
  const { git, repository, places, queueRooms } = context;
  const many = waysOut * context.settings().refinery.slots;
  return queueRooms.makeReady(tip, many, (slot) =>
    git.cleanWorktree(repository, places.queueWorktree(slot), tip),
  );
}
