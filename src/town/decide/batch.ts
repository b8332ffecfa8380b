import { type CheckResult, firstFailure } from '../check.ts';
import type { Command } from '../command.ts';
import type { CommitId, RequestId } from '../ids.ts';
import { conflictsOf, filesOf } from '../ladder.ts';
import { type Settled, isByMachine } from '../settled.ts';
import type { MergeRequest } from '../mergeRequest.ts';
import { type Batch, type Run, treeOf } from '../queue.ts';
import type { Reason } from '../reason.ts';
import { unsure } from './aftermath.ts';
import { type Draft, type Refusal, refused } from './draft.ts';
import { completeLanded, giveBack, moveRequest } from './landing.ts';

type BatchCommand = Extract<
  Command,
  { type: 'assembled' | 'notAssembled' | 'outdated' | 'running' | 'ran' | 'landed' | 'notLanded' }
>;

/** What the queue's hands tell of the batch. What is told of an older one changes nothing. */
export function decideBatch(draft: Draft, command: BatchCommand): Refusal | null {
  const { batch } = draft.state.queue;
  if (batch?.id !== command.batch) return refused('late_report', { batch: command.batch });
  switch (command.type) {
    case 'assembled':
      return assembled(draft, batch, command);
    case 'notAssembled':
      // What lands just now is let land, and heard of; then there is no batch any more.
      return batch.landing === null ? stopFor(draft, batch, command.reason) : pauseFor(draft, command.reason);
    case 'outdated':
      if (batch.landing === null) dissolve(draft, batch);
      return null;
    case 'running':
      if (!batch.running.includes(command.length)) return refused('late_report', { batch: batch.id });
      draft.emit({ ...command, type: 'batch.step' });
      return null;
    case 'ran':
      return ran(draft, batch, command);
    case 'landed':
      return landed(draft, batch, command);
    case 'notLanded':
      return notLanded(draft, batch, command.reason);
  }
}

/** Nothing new is proven and nothing lands until a person says so; what they have to mend is the reason. */
export function stopFor(draft: Draft, batch: Batch, why: Reason): null {
  dissolve(draft, batch);
  return pauseFor(draft, why);
}

function pauseFor(draft: Draft, why: Reason): null {
  if (why.code === 'target_red') unsure(draft);
  if (draft.state.queue.paused === null) draft.emit({ type: 'queue.paused', reason: why, at: draft.at });
  return null;
}

function assembled(
  draft: Draft,
  batch: Batch,
  {
    chain,
    conflicts,
    postponed,
    contained,
    settled = [],
    maxRounds,
  }: Extract<BatchCommand, { type: 'assembled' }>,
): Refusal | null {
  // Who left it meanwhile is nobody of it any more, and the next turn begins without them.
  const isWhole = batch.line.every((id) => draft.state.requests[id]?.stage === 'proving');
  if (batch.chain !== null || !isWhole) return refused('late_report', { batch: batch.id });
  const named = [...chain.links, ...conflicts, ...postponed, ...contained].map(({ request }) => request);
  if (named.length !== batch.line.length || named.some((one) => !batch.line.includes(one)))
    return refused('invalid', { what: 'line' });
  const { at } = draft;
  draft.emit({ type: 'batch.assembled', batch: batch.id, chain, at });
  for (const { request } of chain.links)
    sayHow(draft, request, settled.find((one) => one.request === request)?.settled ?? null);
  for (const { request, commit } of contained) {
    const found = draft.state.requests[request];
    if (found !== undefined) completeContained(draft, found, commit);
  }
  for (const { request, reason: why } of postponed) moveRequest(draft, request, 'queued', why);
  for (const { request, reason: why } of conflicts) giveBack(draft, request, 'conflict', why, maxRounds);
  const now = draft.state.queue.batch;
  if (now !== null) takeKnown(draft, now);
  return null;
}

/** By whom it came together with what it conflicts with; of those that went back before, whoever was to settle it. */
function sayHow(draft: Draft, id: RequestId, settled: Settled | null): void {
  const request = draft.state.requests[id];
  if (request === undefined) return;
  const { at } = draft;
  const before = request.settled ?? null;
  if (settled !== null) {
    const isSame = before?.commit === settled.commit;
    if (!isSame) draft.emit({ type: 'request.settled', request: id, settled, at });
    return;
  }
  if (before !== null && !isByMachine(before)) return;
  const last = conflictsOf(draft.state.requests, request).at(-1);
  const by = last?.handed;
  const helped: Settled | null =
    by === undefined ? null : { by: [by], files: filesOf(last?.reason ?? null), lessons: [], commit: null };
  if (before !== null || helped !== null)
    draft.emit({ type: 'request.settled', request: id, settled: helped, at });
}

/** Nothing of it is left to land; what its bead proved is what stands there. */
function completeContained(draft: Draft, request: MergeRequest, commit: CommitId): void {
  const { evidence } = draft.state.beads[request.bead] ?? {};
  const candidate = {
    commit,
    onto: commit,
    checks: evidence?.checks ?? [],
    provenAt: evidence?.at ?? draft.at,
  };
  draft.emit({ type: 'request.proven', request: request.id, candidate, at: draft.at });
  completeLanded(draft, request, commit);
}

/** A tree that was proven before by the same checks and tools needs no run. */
function takeKnown(draft: Draft, { id, chain, line }: Batch): void {
  const lengths = Array.from({ length: line.length + 1 }, (_, length) => length);
  for (const length of lengths) {
    const { batch } = draft.state.queue;
    const tree = batch === null ? null : treeOf(batch, length);
    const checks = tree === null || chain === null ? null : provenBefore(draft, tree, chain.basis);
    if (checks === null) continue;
    const run: Run = { outcome: 'green', checks, known: true, at: draft.at };
    draft.emit({ type: 'batch.ran', batch: id, length, run, at: draft.at });
  }
}

function provenBefore(draft: Draft, tree: string, basis: string): readonly CheckResult[] | null {
  const { proofs } = draft.state.queue;
  const isWhole = (checks: readonly CheckResult[]): boolean =>
    checks.every((one) => one.outcome === 'passed');
  const proof = proofs.findLast((one) => one.tree === tree && one.basis === basis && isWhole(one.checks));
  if (proof !== undefined) return proof.checks;
  for (const { bead } of draft.depot.requests.values()) {
    const evidence = draft.state.beads[bead]?.evidence;
    if (evidence?.tree === tree && evidence.basis === basis && isWhole(evidence.checks))
      return evidence.checks;
  }
  return null;
}

function ran(
  draft: Draft,
  batch: Batch,
  { length, checks }: Extract<BatchCommand, { type: 'ran' }>,
): Refusal | null {
  if (!batch.running.includes(length)) return refused('late_report', { batch: batch.id });
  const outcome = firstFailure(checks) === null ? 'green' : 'red';
  const run: Run = { outcome, checks, known: false, at: draft.at };
  draft.emit({ type: 'batch.ran', batch: batch.id, length, run, at: draft.at });
  return null;
}

/** The beads complete here: their commits are in the target. */
function landed(
  draft: Draft,
  batch: Batch,
  { length, push }: Extract<BatchCommand, { type: 'landed' }>,
): Refusal | null {
  if (batch.landing !== length) return refused('late_report', { batch: batch.id });
  const { at } = draft;
  for (const request of batch.line.slice(batch.landed, length)) {
    const found = draft.state.requests[request];
    const commit = found?.candidate?.commit;
    if (found !== undefined && commit !== undefined) completeLanded(draft, found, commit);
  }
  // Green at the second try is green; that it is flaky and no more, a run of its own tells.
  if (batch.doubts[length] !== undefined) unsure(draft, treeOf(batch, length));
  draft.emit({ type: 'batch.landed', batch: batch.id, length, ...(push === true ? { push } : {}), at });
  return null;
}

function notLanded(draft: Draft, batch: Batch, why: Reason): Refusal | null {
  if (batch.landing === null) return refused('late_report', { batch: batch.id });
  // What only a person can clear out of the way waits for their word; all else is proven again.
  if (why.code !== 'target_moved') return stopFor(draft, batch, why);
  dissolve(draft, batch, why);
  return null;
}

/** The batch is over; what did not land goes back into line. */
export function dissolve(draft: Draft, batch: Batch, why: Reason | null = null): void {
  end(draft, batch, null, why);
}

export function end(
  draft: Draft,
  batch: Batch,
  culprit: RequestId | null = null,
  why: Reason | null = null,
  offered = 0,
): void {
  const given = offered > 0 ? { offered } : {};
  draft.emit({ type: 'batch.ended', batch: batch.id, culprit, ...given, at: draft.at });
  for (const id of batch.line.slice(batch.landed)) {
    const stage = draft.state.requests[id]?.stage;
    if (stage === 'proving' || stage === 'landing') moveRequest(draft, id, 'queued', why);
  }
}
