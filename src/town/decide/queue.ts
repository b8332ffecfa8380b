import type { Command } from '../command.ts';
import { type MergeRequest, openStages } from '../mergeRequest.ts';
import type { AskId } from '../ids.ts';
import type { Reason } from '../reason.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

type QueueCommand = Extract<
  Command,
  { type: 'provingStep' | 'proven' | 'notProven' | 'approve' | 'landed' | 'notLanded' | 'reprove' | 'eject' }
>;

export function decideQueue(draft: Draft, command: QueueCommand): Refusal | null {
  const request = draft.state.requests[command.request];
  if (request === undefined) return refused('no_such', { what: 'request', id: command.request });
  if (!openStages.includes(request.stage))
    return refused('not_now', { request: request.id, stage: request.stage });
  const { id } = request;
  const { at } = draft;
  switch (command.type) {
    case 'provingStep':
      if (request.stage !== 'proving') return refused('not_now', { request: id, stage: request.stage });
      draft.emit({ type: 'request.step', request: id, step: command.step, at });
      return null;
    case 'proven':
      if (request.stage !== 'proving') return refused('not_now', { request: id, stage: request.stage });
      draft.emit({ type: 'request.proven', request: id, candidate: command.candidate, at });
      moveTo(draft, request, request.approval === null ? 'ready' : 'approved');
      return null;
    case 'notProven':
      if (request.stage !== 'proving') return refused('not_now', { request: id, stage: request.stage });
      return giveBack(draft, request, command);
    case 'approve':
      if (request.approval !== null) return null;
      draft.emit({ type: 'request.approved', request: id, approval: 'person', at });
      if (request.stage === 'ready') moveTo(draft, request, 'approved');
      return null;
    case 'landed':
      if (request.stage !== 'landing') return refused('not_now', { request: id, stage: request.stage });
      if (command.commit !== request.candidate?.commit) return refused('invalid', { what: 'commit' });
      return landed(draft, request, command.commit);
    case 'notLanded':
      if (request.stage !== 'landing') return refused('not_now', { request: id, stage: request.stage });
      // What only a person can clear out of the way waits for their word; all else is proven again.
      moveTo(draft, request, command.reason.code === 'git_failed' ? 'ready' : 'queued', command.reason);
      return null;
    case 'reprove':
      // While it is proven or lands, there is nothing to begin anew yet.
      if (request.stage === 'proving' || request.stage === 'landing')
        return refused('not_now', { request: id, stage: request.stage });
      moveTo(draft, request, 'queued', command.reason);
      return null;
    case 'eject':
      // The landing hand may still turn back; a person would come too late to know on which side.
      if (request.stage === 'landing' && command.reason.code === 'person_said')
        return refused('not_now', { request: id, stage: request.stage });
      return eject(draft, request, command.ask, command.reason);
  }
}

function moveTo(
  draft: Draft,
  request: MergeRequest,
  to: MergeRequest['stage'],
  why: Reason | null = null,
): void {
  draft.emit({ type: 'request.moved', request: request.id, to, reason: why, at: draft.at });
}

/** The bead completes here and nowhere else: its commit is in the target. */
function landed(draft: Draft, request: MergeRequest, commit: MergeRequest['head']): Refusal | null {
  draft.emit({ type: 'request.landed', request: request.id, commit, at: draft.at });
  draft.emit({ type: 'bead.landed', bead: request.bead, commit, at: draft.at });
  return draft.move(request.bead, 'completed');
}

/** How often a bead goes back to its agent by itself before a person is asked. */
const maxRounds = 3;

function giveBack(
  draft: Draft,
  request: MergeRequest,
  { outcome, reason: why, ask }: Extract<QueueCommand, { type: 'notProven' }>,
): Refusal | null {
  moveTo(draft, request, outcome, why);
  const polecat = draft.polecatOf(request.bead);
  const refusal = backToWork(draft, request, why);
  if (refusal !== null || polecat === undefined) return refusal;
  if (roundsOf(draft, request) <= maxRounds) draft.want(polecat.id, 'revise', why);
  else draft.raiseStuck(ask, polecat, why);
  return null;
}

function roundsOf(draft: Draft, { bead }: MergeRequest): number {
  const back = Object.values(draft.state.requests).filter((one) => one.bead === bead);
  return back.filter((one) => one.stage === 'conflict' || one.stage === 'failed').length;
}

/** Taken out of the queue: the bead stands still until a person says how it goes on. */
function eject(draft: Draft, request: MergeRequest, ask: AskId, why: Reason): Refusal | null {
  const polecat = draft.polecatOf(request.bead);
  moveTo(draft, request, 'ejected', why);
  const refusal = backToWork(draft, request, why);
  if (refusal === null && polecat !== undefined) draft.raiseStuck(ask, polecat, why);
  return refusal;
}

function backToWork(draft: Draft, request: MergeRequest, why: Reason): Refusal | null {
  return draft.move(request.bead, 'in_progress', why);
}
