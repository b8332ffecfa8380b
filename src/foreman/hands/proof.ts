import { GitError } from '../../ports/git.ts';
import { readIfThere } from '../../system/readIfThere.ts';
import { approvingRule, authorsOf, isText } from '../../town/autoApprove.ts';
import { type Bead, type Evidence, typesWithoutDiff } from '../../town/bead.ts';
import { type CheckResult, failureFacts, firstFailure } from '../../town/check.ts';
import { whatDecides } from '../../town/decides.ts';
import type { BeadId, CommitId, PolecatId, Token } from '../../town/ids.ts';
import type { Polecat } from '../../town/polecat.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { hasConflictMarkers, markedDiffBytes } from '../conflictMarkers.ts';
import { checkedBy, runChecks } from './checking.ts';
import type { HandContext } from './context.ts';
import { type Inspection, inspectWork } from './inspect.ts';
import { workBase } from './workBase.ts';

interface ProofAction {
  readonly bead: BeadId;
  readonly polecat: PolecatId;
  readonly token: Token;
}

/** Looks at what an agent called done: evidence bound to a commit, or what is missing. */
export async function proveDone(
  context: HandContext,
  action: ProofAction,
  signal: AbortSignal,
): Promise<void> {
  const { polecat: id, token } = action;
  const bead = context.state().beads[action.bead];
  const polecat = context.state().polecats[id];
  if (bead === undefined || polecat?.worktree == null) return;
  const found = await look(context, bead, polecat, polecat.worktree, token, signal);
  signal.throwIfAborted();
  if ('evidence' in found) {
    const { evidence, rule = null } = found;
    await context.wish({
      ...{ type: 'evidenceFound', polecat: id, token, evidence, request: context.ids.request() },
      ...(rule === null ? {} : { rule }),
    });
  } else {
    await context.wish({
      type: 'evidenceMissing',
      polecat: id,
      token,
      reason: found.missing,
      ask: context.ids.ask(),
      ...('inspected' in found ? { inspected: found.inspected } : {}),
    });
  }
}

type Found =
  | { readonly evidence: Evidence; readonly rule?: number | null }
  | { readonly missing: Reason }
  | Extract<Inspection, { readonly ok: false }>;

async function look(
  context: HandContext,
  bead: Bead,
  polecat: Polecat,
  worktree: string,
  token: Token,
  signal: AbortSignal,
): Promise<Found> {
  const { git, repository } = context;
  const summary = await claimedSummary(context.places.claim(polecat.id, token));
  const committed = await commitFor(context, bead, polecat, worktree);
  if (committed === 'wrong branch') return { missing: reason('wrong_branch', { branch: polecat.branch }) };
  const head = await git.head(worktree);
  const base = await workBase(context, polecat, context.state().rig?.target ?? '', head.commit);
  // What the agent's own git wrote may be in memory only; from here on it is called done.
  await git.makeDurable(repository, base, head.commit);
  const stat = await git.diffStat(repository, base, head.commit);
  const bound = { base, ...stat, committedForAgent: committed !== null, summary };
  if (stat.files.length === 0) return { ...statement(context, bead, bound) };
  const diff = await git.diff(repository, base, head.commit, markedDiffBytes);
  if (hasConflictMarkers(diff)) return { missing: reason('conflict_markers', {}) };
  const basis = await checkedBy(context);
  const tip = { base, commit: head.commit, files: stat.files };
  const checks = await proofChecks(context, bead, token, tip, signal);
  const failed = firstFailure(checks);
  if (failed !== null) return { missing: failureReason(failed) };
  const outputs = context.places.proofOutputs(bead.id, token);
  const green = { commit: head.commit, files: stat.files, checks, diff, outputs };
  const inspected = await inspectWork(context, bead, polecat, green, signal);
  if (!inspected.ok) return inspected;
  const decides = whatDecides(stat.files, diff);
  const proof = {
    ...{ commit: head.commit, tree: head.tree, basis, checks, ...inspected.passed },
    ...(decides.length === 0 ? {} : { decides }),
  };
  const evidence = { ...bound, ...proof, at: context.clock.now() };
  const { autoApprove = [] } = context.settings().refinery;
  const work = { bead, evidence, authors: authorsOf(polecat), isText: isText(diff) };
  return { evidence, rule: approvingRule(autoApprove, work) };
}

/** Commits what the agent left, on its own branch and on no other. */
async function commitFor(
  { git }: HandContext,
  bead: Bead,
  polecat: Polecat,
  worktree: string,
): Promise<CommitId | null | 'wrong branch'> {
  const message = `${bead.title}\n\nBead: ${bead.id}\nAgent: ${polecat.name}\n`;
  try {
    return await git.commitAll(worktree, message, polecat.branch);
  } catch (error) {
    if (GitError.is(error, 'taken')) return 'wrong branch';
    throw error;
  }
}

type Bound = Pick<Evidence, 'base' | 'files' | 'insertions' | 'deletions' | 'committedForAgent' | 'summary'>;

/** Research, review and design are done by what they state; everything else owes a diff. */
function statement(context: HandContext, bead: Bead, bound: Bound): Found {
  if (!typesWithoutDiff.includes(bead.type)) return { missing: reason('nothing_committed') };
  if (bound.summary.trim() === '') return { missing: reason('no_result_stated') };
  return { evidence: { ...bound, commit: null, tree: null, checks: [], at: context.clock.now() } };
}

async function proofChecks(
  context: HandContext,
  bead: Bead,
  token: Token,
  {
    base,
    commit,
    files,
  }: { readonly base: CommitId; readonly commit: CommitId; readonly files: readonly string[] },
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const { git, repository, places } = context;
  const clean = async (slot: number): Promise<void> => {
    signal.throwIfAborted();
    await git.cleanWorktree(repository, places.proofWorktree(slot), commit);
  };
  return context.proofRooms.use(commit, clean, (slot) => {
    const outputs = places.proofOutputs(bead.id, token);
    const about = { bead };
    return runChecks(context, {
      ...{ cwd: places.proofWorktree(slot), outputs, signal, about },
      ...{ changed: files, against: { base, commit } },
    });
  });
}

export function failureReason(failed: CheckResult): Reason {
  const facts = failureFacts(failed);
  if (failed.outcome === 'timed_out') return reason('check_timed_out', facts);
  if (failed.outcome === 'not_runnable') return reason('check_not_runnable', facts);
  return reason('check_failed', facts);
}

/** Written by the desk before the claim; a claim from before a reload still has it. */
async function claimedSummary(file: string): Promise<string> {
  return (await readIfThere(file)) ?? '';
}
