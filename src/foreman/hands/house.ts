import { GitError, type GitErrorReason } from '../../ports/git.ts';
import type { Caller } from '../../ports/desk.ts';
import type { PolecatId } from '../../town/ids.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { type HandContext, callerOf } from './context.ts';

/** What another try would only meet again. */
const forGood: readonly GitErrorReason[] = ['taken', 'bad_name', 'no_branch', 'no_target', 'unsafe_config'];

/** Makes a polecat's worktree from the freshest base and runs the rig's setup in it. */
export async function house(context: HandContext, action: Caller, signal: AbortSignal): Promise<void> {
  const { git, repository, places } = context;
  const polecat = context.state().polecats[action.polecat];
  const rig = context.state().rig;
  if (polecat === undefined || rig === null) return;
  const worktree = places.worktree(polecat.name);
  try {
    const base = await git.freshestBase(repository, rig.target, signal);
    signal.throwIfAborted();
    await git.addWorktree(repository, worktree, polecat.branch, base, places.spares);
    signal.throwIfAborted();
    const why = await setUp(context, action.polecat, worktree, signal);
    if (why !== null) {
      await context.wish({ type: 'housingFailed', ...callerOf(action), reason: why });
      return;
    }
    await context.wish({ type: 'housed', ...callerOf(action), worktree, base });
  } catch (error) {
    // Whatever may pass (a lock, a full disk, a drive that is away) is tried again, after a growing pause: to fail the
    // bead would free its place for the next one, which would fail as well, and so on through the depot.
    if (!GitError.is(error) || !forGood.includes(error.reason)) throw error;
    const why = reason('worktree_failed', { message: error.message, detail: error.detail });
    await context.wish({ type: 'housingFailed', ...callerOf(action), reason: why });
  }
}

/** Why the worktree cannot be used as the setup left it; null when it can, or there is no setup. */
async function setUp(
  context: HandContext,
  polecat: PolecatId,
  worktree: string,
  signal: AbortSignal,
): Promise<Reason | null> {
  const setup = context.settings().worktreeSetup;
  if (setup === null) return null;
  const [result] = await context.checks.run({
    definitions: [setup],
    cwd: worktree,
    outputs: `${context.places.setupOutputs}-${polecat}`,
    signal,
  });
  signal.throwIfAborted();
  context.say({
    what: 'setup.finished',
    level: result?.outcome === 'passed' ? 'info' : 'error',
    facts: { outcome: result?.outcome ?? 'not_runnable' },
    polecat,
  });
  if (result?.outcome !== 'passed')
    return reason('setup_failed', { name: setup.name, output: result?.outputFile ?? null });
  // Uncommitted work is committed for the agent, so what setup leaves would land with it.
  const left = await context.git.uncommitted(worktree);
  if (left.length === 0) return null;
  const some = left.slice(0, 3).join(', ');
  return reason('worktree_failed', {
    message: `The setup leaves files that git does not ignore: ${some}. Ignore them.`,
  });
}
