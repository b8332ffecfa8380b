import { type Furnished, GitError, type GitErrorReason, type LeftOut } from '../../ports/git.ts';
import type { Caller } from '../../ports/desk.ts';
import type { CommitId, PolecatId } from '../../town/ids.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { callerOf } from '../caller.ts';
import type { HandContext } from './context.ts';

/** What another try would only meet again. */
const forGood: readonly GitErrorReason[] = ['taken', 'bad_name', 'no_branch', 'no_target', 'unsafe_config'];

/** Makes a polecat's worktree from the freshest base, with what git ignores, and runs the rig's setup in it. */
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
    const why = await makeReady(context, { polecat: action.polecat, worktree, base }, signal);
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

interface NewHouse {
  readonly polecat: PolecatId;
  readonly worktree: string;
  readonly base: CommitId;
}

/** Why the worktree cannot be used with what was brought into it; null when it can. */
async function makeReady(context: HandContext, house: NewHouse, signal: AbortSignal): Promise<Reason | null> {
  const brought = await furnish(context, house, signal);
  signal.throwIfAborted();
  // Afterwards: a setup such as `npm ci` finds the settings it needs, and folders it may leave as they are.
  const failed = await setUp(context, house, signal);
  if (failed !== null || (!brought && context.settings().worktreeSetup === null)) return failed;
  // Uncommitted work is committed for the agent, so what git does not ignore would land with it.
  const left = await context.git.uncommitted(house.worktree);
  if (left.length === 0) return null;
  const some = left.slice(0, 3).join(', ');
  const what =
    context.settings().worktreeSetup === null ? 'What it got from your checkout has' : 'The setup leaves';
  return reason('worktree_failed', {
    message: `${what} files that git does not ignore: ${some}. Ignore them.`,
  });
}

/** What a polecat works without is no reason to hold it up: its person is told. */
async function furnish(
  context: HandContext,
  { polecat, worktree, base }: NewHouse,
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = { commit: base, share: context.settings().share };
  const { git, repository } = context;
  const { files, folders, leftOut } = await git.furnish(repository, worktree, wanted, signal);
  const brought = files.length + folders.length > 0;
  if (brought) context.say({ what: 'worktree.furnished', level: 'info', facts: { files, folders }, polecat });
  for (const [why, paths] of byReason(leftOut))
    context.say({
      what: 'worktree.left_out',
      level: levels[why] ?? 'warning',
      facts: { why, paths },
      polecat,
    });
  return brought;
}

/** A folder that was not built yet is nothing to be warned of. */
const levels: Partial<Readonly<Record<LeftOut['why'], 'info'>>> = { missing: 'info' };

function byReason(leftOut: Furnished['leftOut']): ReadonlyMap<LeftOut['why'], readonly string[]> {
  const found = new Map<LeftOut['why'], string[]>();
  for (const { path, why } of leftOut) found.set(why, [...(found.get(why) ?? []), path].slice(0, maxNamed));
  return found;
}

/** Paths that a line of the feed carries. */
const maxNamed = 20;

/** Why the setup failed; null when it did not, or there is none. */
async function setUp(
  context: HandContext,
  { polecat, worktree }: NewHouse,
  signal: AbortSignal,
): Promise<Reason | null> {
  const setup = context.settings().worktreeSetup;
  if (setup === null) return null;
  const { name } = setup;
  context.say({ what: 'setup.started', level: 'info', facts: { name }, polecat });
  const [result] = await context.checks.run({
    definitions: [setup],
    cwd: worktree,
    outputs: `${context.places.setupOutputs}-${polecat}`,
    signal,
  });
  signal.throwIfAborted();
  const { outcome = 'not_runnable', durationMs = 0, outputFile: output = null } = result ?? {};
  const passed = outcome === 'passed';
  context.say({
    what: 'setup.finished',
    level: passed ? 'info' : 'error',
    facts: { name, outcome, durationMs, output },
    polecat,
  });
  return passed ? null : reason('setup_failed', { name, output });
}
