import { GitError, type SettledMerge } from '../../ports/git.ts';
import type { CommitId } from '../../town/ids.ts';
import { conflictsOf } from '../../town/ladder.ts';
import type { Settled } from '../../town/settled.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { Link } from '../../town/link.ts';
import { failure } from '../failure.ts';
import { markedDiffBytes } from '../conflictMarkers.ts';
import { toMerge } from './toMerge.ts';
import { type Conflict, otherSides } from './conflict.ts';
import type { HandContext } from './context.ts';
import { inspectSettled } from './inspect.ts';

/** A request that conflicts, and how it came together with the target without anybody. */
export interface SettledLink {
  readonly link: Link;
  readonly settled: Settled;
}

/**
 * The first rungs, which cost nobody anything: as it was settled before, then by its syntax. Whatever comes of it is judged by
 * what both sides are for, where a model is there for that, and proven as every other. Null: it goes back.
 */
export async function settle(
  context: HandContext,
  request: MergeRequest,
  { onto, conflict }: { readonly onto: CommitId; readonly conflict: Conflict },
  signal: AbortSignal,
): Promise<SettledLink | null> {
  const { git, repository, places, clock } = context;
  const { disowned = [] } = context.state().queue;
  const { structural = true } = context.settings().refinery;
  const how = { memory: places.resolutions, disowned, structural, now: clock.now() };
  const merged = await git.settleOnto(repository, onto, toMerge(context, request), how, signal);
  if (merged === null) return null;
  // Made before, it was judged before: the same commit holds the same.
  const isKnown = request.settled?.commit === merged.commit;
  if (!isKnown && !(await holdsBoth(context, request, { onto, conflict, merged }, signal))) return null;
  const { commit, tree, by, files, lessons } = merged;
  return { link: { request: request.id, commit, tree }, settled: { by, files, lessons, commit } };
}

async function holdsBoth(
  context: HandContext,
  request: MergeRequest,
  {
    onto,
    conflict,
    merged,
  }: { readonly onto: CommitId; readonly conflict: Conflict; readonly merged: SettledMerge },
  signal: AbortSignal,
): Promise<boolean> {
  const bead = context.state().beads[request.bead];
  if (bead === undefined || !context.settings().inspect) return true;
  const { git, repository } = context;
  const { commit } = merged;
  const [stat, diff, others] = await Promise.all([
    git.diffStat(repository, onto, commit),
    git.diff(repository, onto, commit, markedDiffBytes),
    otherSides(context, request, conflict.files),
  ]);
  const work = { commit, files: stat.files, checks: [], diff, others: others.map((one) => one.bead) };
  return inspectSettled(context, bead, work, signal);
}

/** How its agent, or whoever went on, settled what it conflicted with before: the same is not asked of anybody again. */
export async function learnBack(context: HandContext, request: MergeRequest): Promise<void> {
  const { requests, beads } = context.state();
  const before = conflictsOf(requests, request).at(-1);
  const base = beads[request.bead]?.evidence?.base ?? null;
  if (before === undefined || request.settled !== undefined || base === null) return;
  const { git, repository, places } = context;
  await lesson(context, async () => {
    // A merge of the target says exactly what was made of it; else the branch was begun anew on the target.
    if (await git.isAncestor(repository, before.head, request.head))
      await git.learnMerges(repository, places.resolutions, before.head, [request.head]);
    else
      await git.learn(repository, places.resolutions, {
        ...{ ours: base, theirs: before.head, settled: request.head },
      });
  });
}

/** What was settled in branches that land now. */
export async function learnLanded(
  context: HandContext,
  onto: CommitId,
  requests: readonly MergeRequest[],
): Promise<void> {
  const { git, repository, places } = context;
  const heads = requests.map(({ head }) => head);
  await lesson(context, () => git.learnMerges(repository, places.resolutions, onto, heads));
}

/** A lesson that is lost is asked for again some day; what lands does not wait for it. */
async function lesson(context: HandContext, learns: () => Promise<unknown>): Promise<void> {
  try {
    await learns();
  } catch (error) {
    if (GitError.is(error, 'fenced')) throw error;
    context.say({ what: 'hand.failed', level: 'warning', facts: failure('learn', error) });
  }
}
