import { GitError } from '../../ports/git.ts';
import type { CommitId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { HandContext } from './context.ts';
import { sayCheckout, tryLanding } from './queue.ts';

/** Null: a commit is not there any more, or has nothing in common with the other. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (GitError.is(error, 'failed')) return null;
    throw error;
  }
}

/** Git could not do it; that somebody else owns the rig by now is no such trouble. */
export function isGitTrouble(error: unknown): error is GitError {
  return GitError.is(error) && error.reason !== 'fenced';
}

interface Arrival {
  /** Of the target, where it is in. */
  readonly tip: CommitId;
  /** What the forge says it was merged with; null: to be found. */
  readonly by: CommitId | null;
}

/** It is in the target: that is told, with what brought it, and the person's own target follows. */
export async function landed(
  context: HandContext,
  request: MergeRequest,
  arrival: Arrival,
): Promise<boolean> {
  const { commit, onto } = await broughtBy(context, request, arrival);
  await follow(context, request.offer?.target ?? '', arrival.tip);
  await context.wish({ type: 'offerMerged', request: request.id, commit, onto });
  return true;
}

/** How far back an arrival is looked for; older ones are not taken back by themselves. */
const mostBack = 1_000;

/** The target's own commits, newest first. */
export async function wayTo({ git, repository }: HandContext, tip: CommitId): Promise<readonly CommitId[]> {
  return (await git.firstParents(repository, tip, mostBack)).map(({ commit }) => commit);
}

/** How far back from its tip, which has it, the target has it. */
export async function howFarBack(
  way: readonly CommitId[],
  holds: (commit: CommitId) => Promise<boolean>,
): Promise<number> {
  let [has, lacks] = [0, way.length];
  while (lacks - has > 1) {
    const middle = Math.floor((has + lacks) / 2);
    const commit = way[middle];
    if (commit !== undefined && (await holds(commit))) has = middle;
    else lacks = middle;
  }
  return has;
}

/** By which commit of the target it came, and what was there before: that is what *Revert Landing* takes back. */
async function broughtBy(
  context: HandContext,
  { head, bead }: MergeRequest,
  { tip, by }: Arrival,
): Promise<{ readonly commit: CommitId; readonly onto: CommitId }> {
  const { git, repository } = context;
  const way = await wayTo(context, tip);
  const base = context.state().beads[bead]?.evidence?.base ?? null;
  if (by !== null) {
    const at = way.indexOf(by);
    const before = at < 0 ? undefined : way[at + 1];
    if (before === undefined || base === null) return { commit: by, onto: before ?? by };
    // A forge may have put its commits one by one on the target: the same subjects, as many of them.
    const own = ((await orMissing(git.log(repository, base, head))) ?? []).map(({ subject }) => subject);
    const start = way[at + own.length];
    if (own.length < 2 || start === undefined) return { commit: by, onto: before };
    const there = (await git.log(repository, start, by)).map(({ subject }) => subject);
    return { commit: by, onto: there.join('\n') === own.join('\n') ? start : before };
  }
  const has = await howFarBack(way, (commit) => git.isAncestor(repository, head, commit));
  const commit = way[has] ?? tip;
  const before = way[has + 1] ?? commit;
  return { commit, onto: commit === head && base !== null ? base : before };
}

/** The person's own target moves on to where its remote is, where that takes nothing from it. */
async function follow(context: HandContext, target: string, tip: CommitId): Promise<void> {
  const { git, repository } = context;
  const here = await git.tip(repository, target);
  if (here === null) return;
  if (here.commit !== tip && (await git.isAncestor(repository, tip, here.commit))) return;
  if (!(await git.isAncestor(repository, here.commit, tip))) {
    context.say({ what: 'target.apart', level: 'warning', facts: { target, message: null } });
    return;
  }
  const result = await tryLanding(context, target, here.commit, tip);
  if ('busy' in result)
    context.say({ what: 'target.apart', level: 'warning', facts: { target, message: result.busy } });
  else if (result.ok && here.commit !== tip) sayCheckout(context, target, result.checkout);
}
