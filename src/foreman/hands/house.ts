import { GitError } from '../../ports/git.ts';
import type { PolecatId, Token } from '../../town/ids.ts';
import { reason } from '../../town/reason.ts';
import type { HandContext } from './context.ts';

/** Makes a polecat's worktree from the freshest base and runs the rig's setup in it. */
export async function house(
  context: HandContext,
  action: { readonly polecat: PolecatId; readonly token: Token },
  signal: AbortSignal,
): Promise<void> {
  const { git, repository, places, ids } = context;
  const polecat = context.state().polecats[action.polecat];
  const rig = context.state().rig;
  if (polecat === undefined || rig === null) return;
  const worktree = places.worktree(polecat.name);
  try {
    const base = await git.freshestBase(repository, rig.target, signal);
    signal.throwIfAborted();
    await git.addWorktree(repository, worktree, polecat.branch, base);
    signal.throwIfAborted();
    const failed = await setUp(context, action.polecat, worktree, signal);
    if (failed !== null) {
      const why = reason('setup_failed', { name: failed.name, output: failed.output });
      await context.wish({ type: 'housingFailed', ...action, ask: ids.ask(), reason: why });
      return;
    }
    await context.wish({ type: 'housed', polecat: action.polecat, token: action.token, worktree, base });
  } catch (error) {
    if (!GitError.is(error)) throw error;
    const why = reason('worktree_failed', { message: error.message, detail: error.detail });
    await context.wish({
      type: 'housingFailed',
      polecat: action.polecat,
      token: action.token,
      ask: ids.ask(),
      reason: why,
    });
  }
}

/** Null when the setup passed or there is none. */
async function setUp(
  context: HandContext,
  polecat: PolecatId,
  worktree: string,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly output: string | null } | null> {
  const setup = context.settings().worktreeSetup;
  if (setup === null) return null;
  const [result] = await context.checks.run({
    definitions: [setup],
    cwd: worktree,
    outputs: `${context.places.setupOutputs}-${polecat}`,
    signal,
  });
  signal.throwIfAborted();
  context.say({ what: 'setup.finished', level: result?.outcome === 'passed' ? 'info' : 'error', polecat });
  return result?.outcome === 'passed' ? null : { name: setup.name, output: result?.outputFile ?? null };
}
