import type { Caller } from '../../ports/desk.ts';
import { GitError } from '../../ports/git.ts';
import type { CommitId } from '../../town/ids.ts';
import { callerOf } from '../caller.ts';
import { slept } from '../slept.ts';
import type { HandContext } from './context.ts';
import { workBase } from './workBase.ts';

/** Often enough that what waits for files waits for the real ones, seldom enough that git is no load. */
const lookEveryMs = 20_000;

/** Tells, as long as an agent works, which files its commits changed: what waits for files went by a guess until then. */
export async function watchTouched(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  let last: CommitId | null = null;
  while (await slept(context.clock, lookEveryMs, signal)) last = await lookOnce(context, action, last);
}

async function lookOnce(
  context: HandContext,
  action: Caller,
  last: CommitId | null,
): Promise<CommitId | null> {
  const { git, repository } = context;
  const { rig, beads, polecats } = context.state();
  const polecat = polecats[action.polecat];
  if (polecat === undefined || polecat.worktree === null || polecat.base === null) return last;
  // Nobody could wait for its files.
  if (!Object.values(beads).some(({ status }) => status === 'queued')) return last;
  try {
    const { commit } = await git.head(polecat.worktree);
    if (commit === (last ?? polecat.base)) return last;
    const base = await workBase(context, polecat, rig?.target ?? '', commit);
    const { files } = await git.diffStat(repository, base, commit);
    await context.wish({ type: 'sawFiles', ...callerOf(action), files });
    return commit;
  } catch (error) {
    // An agent may be in the middle of a rebase, and its worktree may go: the next look finds what stands then.
    if (error instanceof GitError) return last;
    throw error;
  }
}
