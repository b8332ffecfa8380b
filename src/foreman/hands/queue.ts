import { type CheckoutResult, GitError, type LandResult } from '../../ports/git.ts';
import type { CommitId } from '../../town/ids.ts';
import { type Batch, commitOf } from '../../town/queue.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { workAhead } from './ahead.ts';
import { checkedBy, definitionsOf, runChecks } from './checking.ts';
import type { HandContext } from './context.ts';
import { learnLanded } from './ladder.ts';
import { isPushing } from './push.ts';

interface TipAction {
  readonly batch: number;
  readonly length: number;
}

/** Null: it is over, and whatever comes of it changes nothing. */
export function batchOf(context: HandContext, { batch: id }: { readonly batch: number }): Batch | null {
  const { batch } = context.state().queue;
  return batch?.id === id ? batch : null;
}

/** What only a person can mend stops the queue and is put before them; all else is tried again. */
export async function stopping(
  context: HandContext,
  { batch }: { readonly batch: number },
  work: Promise<void>,
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!GitError.is(error, 'unsafe_config')) throw error;
    const why = reason('git_failed', { message: error.message });
    await context.wish({ type: 'notAssembled', batch, reason: why });
  }
}

/** A clean worktree of the queue's own that holds exactly `commit`. */
export function inQueueRoom<T>(
  { git, repository, places, queueRooms }: HandContext,
  commit: CommitId,
  signal: AbortSignal,
  work: (cwd: string) => Promise<T>,
): Promise<T> {
  return queueRooms.use(
    commit,
    async (slot) => {
      signal.throwIfAborted();
      await git.cleanWorktree(repository, places.queueWorktree(slot), commit);
    },
    async (slot) => {
      signal.throwIfAborted();
      // It may have been made ready a while ago.
      await git.assertOwner(repository);
      return work(places.queueWorktree(slot));
    },
  );
}

/** Runs the checks on exactly one tip of a batch, in a clean worktree of the queue's own. */
export async function proveTip(context: HandContext, action: TipAction, signal: AbortSignal): Promise<void> {
  const batch = batchOf(context, action);
  const { length } = action;
  const commit = batch === null ? null : commitOf(batch, length);
  const base = batch?.chain?.base ?? null;
  if (batch === null || commit === null || base === null) return;
  const { git, repository, places } = context;
  const needsFiles = length > 0 && definitionsOf(context).some(({ only }) => only !== undefined);
  const last = batch.line[length - 1];
  let ahead = Promise.resolve();
  try {
    await inQueueRoom(context, commit, signal, async (cwd) => {
      ahead = workAhead(context, batch, length, signal);
      const changed = needsFiles ? (await git.diffStat(repository, base, commit)).files : null;
      const checks = await runChecks(context, {
        cwd,
        outputs: places.tipOutputs(batch.id, length, context.clock.now()),
        signal,
        changed,
        against: length === 0 ? null : { base, commit },
        about: last === undefined ? {} : { request: last },
        onStart: (step) => {
          // Only for people to read along; a rig that takes nothing any more says so when the outcome is told.
          context.wish({ type: 'running', batch: batch.id, length, step }).catch(() => undefined);
        },
      });
      signal.throwIfAborted();
      // What was confirmed anew meanwhile is not what ran.
      const isSame = (await checkedBy(context)) === batch.chain?.basis;
      if (isSame) await context.wish({ type: 'ran', batch: batch.id, length, checks });
      else await context.wish({ type: 'outdated', batch: batch.id });
    });
  } finally {
    await ahead;
  }
}

/** Moves the target to exactly the proven tip, or says that the target is elsewhere now. */
export async function land(context: HandContext, action: TipAction): Promise<void> {
  const batch = batchOf(context, action);
  if (batch?.chain == null) return;
  const { target, landed } = batch;
  const commit = commitOf(batch, action.length);
  const onto = landed === 0 ? batch.chain.onto : commitOf(batch, landed);
  if (commit === null || onto === null) return notLanded(context, batch, reason('target_moved', { target }));
  // What a crash kept us from saying has happened all the same; git/ then only takes along what was left behind.
  const result = await tryLanding(context, target, onto, commit);
  if ('busy' in result) return notLanded(context, batch, reason('git_failed', { message: result.busy }));
  if (!result.ok) {
    const code = result.found === null ? 'target_missing' : 'target_moved';
    return notLanded(context, batch, reason(code, { target }));
  }
  const { requests } = context.state();
  const moved = batch.line.slice(landed, action.length).flatMap((one) => requests[one] ?? []);
  await learnLanded(context, batch.chain.base, moved);
  sayCheckout(context, target, result.checkout);
  await context.wish({
    ...{ type: 'landed', batch: batch.id, length: action.length },
    ...(isPushing(context) ? { push: true } : {}),
  });
}

export function sayCheckout(context: HandContext, target: string, checkout: CheckoutResult): void {
  if (checkout.kind === 'moved_along') {
    context.say({ what: 'checkout.moved_along', level: 'info', facts: { target } });
  } else if (checkout.kind === 'left_alone') {
    const facts = { target, files: checkout.files };
    context.say({ what: 'checkout.left_alone', level: 'warning', facts });
  }
}

/** `busy`: a merge or a lock of the person's is in the way, or a program nobody approved; only they can end it. */
export async function tryLanding(
  { git, repository }: HandContext,
  target: string,
  onto: CommitId,
  commit: CommitId,
): Promise<LandResult | { readonly busy: string }> {
  try {
    return await git.land(repository, target, onto, commit);
  } catch (error) {
    if (!GitError.is(error, 'locked') && !GitError.is(error, 'unsafe_config')) throw error;
    // With its ref moved there is no way back: given up now, files left behind would pass for the person's own undoing.
    const tip = await git.tip(repository, target);
    if (tip !== null && (await git.isAncestor(repository, commit, tip.commit))) throw error;
    return { busy: error.message };
  }
}

async function notLanded(context: HandContext, { id }: Batch, why: Reason): Promise<void> {
  await context.wish({ type: 'notLanded', batch: id, reason: why });
}
