import { writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type CheckoutResult, GitError, type LandResult } from '../../ports/git.ts';
import type { Bead } from '../../town/bead.ts';
import { type CheckResult, firstFailure } from '../../town/check.ts';
import type { CommitId, RequestId } from '../../town/ids.ts';
import type { Candidate, MergeRequest } from '../../town/mergeRequest.ts';
import { type Reason, reason } from '../../town/reason.ts';
import { runChecks } from './checking.ts';
import type { HandContext } from './context.ts';
import { failureReason } from './proof.ts';

interface QueueAction {
  readonly request: RequestId;
}

/** Rebases a request onto the target in the queue's own worktree and runs the checks on exactly that commit. */
export async function proveLanding(
  context: HandContext,
  action: QueueAction,
  signal: AbortSignal,
): Promise<void> {
  const { git, repository, places } = context;
  const found = requestAndBead(context, action);
  const target = context.state().rig?.target ?? '';
  if (found === null) return;
  const { request, bead } = found;
  const tip = await git.tip(repository, target);
  if (tip === null) return eject(context, request, target);
  await step(context, request, 'rebase');
  const base = await git.freshestBase(repository, target, signal);
  await git.cleanWorktree(repository, places.queueWorktree, request.head);
  signal.throwIfAborted();
  const rebased = await git.rebase(repository, places.queueWorktree, request.head, base);
  signal.throwIfAborted();
  const outputs = places.landingOutputs(request.id, context.clock.now());
  if (!rebased.ok) {
    const hunks = path.join(outputs, 'conflict.diff');
    await mkdir(outputs, { recursive: true });
    await writeFile(hunks, rebased.hunks);
    const why = reason('landing_conflict', { files: rebased.files, target, output: hunks });
    await context.wish({
      type: 'notProven',
      request: request.id,
      ask: context.ids.ask(),
      outcome: 'conflict',
      reason: why,
    });
    return;
  }
  const checks = await checksOn(context, request, bead, rebased.commit, outputs, signal);
  const failed = firstFailure(checks);
  if (failed !== null) {
    const why = reason('landing_check_failed', { ...failureReason(failed).facts, target });
    await context.wish({
      type: 'notProven',
      request: request.id,
      ask: context.ids.ask(),
      outcome: 'failed',
      reason: why,
    });
    return;
  }
  const candidate: Candidate = {
    commit: rebased.commit,
    onto: tip.commit,
    checks,
    provenAt: context.clock.now(),
  };
  await context.wish({ type: 'proven', request: request.id, candidate });
}

/** Moves the target to exactly the proven commit, or asks for a new proof when the target is elsewhere now. */
export async function land(context: HandContext, action: QueueAction): Promise<void> {
  const { git, repository } = context;
  const request = context.state().requests[action.request];
  const target = context.state().rig?.target ?? '';
  if (request === undefined) return;
  if (request.candidate === null) return notLanded(context, request, reason('target_moved', { target }));
  const { commit, onto } = request.candidate;
  const tip = await git.tip(repository, target);
  if (tip === null) return eject(context, request, target);
  // What a crash kept us from saying has happened all the same; git/ then only takes along what was left behind.
  const result = await tryLanding(context, target, onto, commit);
  if ('busy' in result) return notLanded(context, request, reason('git_failed', { message: result.busy }));
  if (!result.ok) return notLanded(context, request, reason('target_moved', { target }));
  sayCheckout(context, request, target, result.checkout);
  await context.wish({ type: 'landed', request: request.id, commit });
}

function sayCheckout(
  context: HandContext,
  request: MergeRequest,
  target: string,
  checkout: CheckoutResult,
): void {
  if (checkout.kind === 'moved_along') {
    context.say({ what: 'checkout.moved_along', level: 'info', facts: { target }, request: request.id });
  } else if (checkout.kind === 'left_alone') {
    const facts = { target, files: checkout.files };
    context.say({ what: 'checkout.left_alone', level: 'warning', facts, request: request.id });
  }
}

/** The proof an agent's done rests on counts again when the rebase changed nothing of the tree. */
async function checksOn(
  context: HandContext,
  request: MergeRequest,
  bead: Bead,
  commit: CommitId,
  outputs: string,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const { git, repository, places } = context;
  const confirmedAt = context.state().rig?.checks?.confirmedAt ?? Infinity;
  const { evidence } = bead;
  if (commit === request.head && evidence?.commit === commit && evidence.at >= confirmedAt)
    return evidence.checks;
  await git.cleanWorktree(repository, places.queueWorktree, commit);
  const onStart = (name: string): void => {
    // Only for people to read along; a rig that takes nothing any more says so when the outcome is told.
    step(context, request, name).catch(() => undefined);
  };
  return runChecks(context, { cwd: places.queueWorktree, outputs, signal, bead, onStart });
}

async function step(context: HandContext, request: MergeRequest, name: string): Promise<void> {
  await context.wish({ type: 'provingStep', request: request.id, step: name });
}

/** `busy`: a person's merge or a lock of theirs is in the way, and only they can end it. */
async function tryLanding(
  { git, repository }: HandContext,
  target: string,
  onto: CommitId,
  commit: CommitId,
): Promise<LandResult | { readonly busy: string }> {
  try {
    return await git.land(repository, target, onto, commit);
  } catch (error) {
    if (GitError.is(error, 'locked')) return { busy: error.message };
    throw error;
  }
}

async function notLanded(context: HandContext, request: MergeRequest, why: Reason): Promise<void> {
  await context.wish({ type: 'notLanded', request: request.id, reason: why });
}

async function eject(context: HandContext, request: MergeRequest, target: string): Promise<void> {
  const why = reason('target_missing', { target });
  await context.wish({ type: 'eject', request: request.id, ask: context.ids.ask(), reason: why });
}

function requestAndBead(
  context: HandContext,
  action: QueueAction,
): { request: MergeRequest; bead: Bead } | null {
  const request = context.state().requests[action.request];
  const bead = request === undefined ? undefined : context.state().beads[request.bead];
  return request === undefined || bead === undefined ? null : { request, bead };
}
