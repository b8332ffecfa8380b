import { isFlaky } from '../flaky.ts';
import type { Command } from '../command.ts';
import type { AskId } from '../ids.ts';
import { type MergeRequest, openStages } from '../mergeRequest.ts';
import { leaving } from '../offer.ts';
import type { Reason } from '../reason.ts';
import { isHeldUp } from '../unpushed.ts';
import { unsure } from './aftermath.ts';
import { type Draft, type Refusal, refused } from './draft.ts';
import { moveRequest } from './landing.ts';

type QueueCommand = Extract<
  Command,
  {
    type:
      | 'approve'
      | 'reprove'
      | 'eject'
      | 'moveToFront'
      | 'enterBranch'
      | 'pauseQueue'
      | 'resumeQueue'
      | 'forgetFlaky'
      | 'refreshQueue';
  }
>;

/** What a person says of the queue and of what is in it. */
export function decideQueue(draft: Draft, command: QueueCommand): Refusal | null {
  const { at } = draft;
  const { paused, unpushed = null } = draft.state.queue;
  if (command.type === 'pauseQueue') {
    if (paused === null) draft.emit({ type: 'queue.paused', reason: null, at });
    return null;
  }
  if (command.type === 'resumeQueue') {
    const isStuck = unpushed !== null && isHeldUp(unpushed);
    if (paused !== null || isStuck) draft.emit({ type: 'queue.resumed', at });
    return null;
  }
  if (command.type === 'refreshQueue') {
    const isWatched = [...draft.depot.requests.values()].some(({ stage }) => stage === 'offered');
    if (isWatched) draft.emit({ type: 'queue.asked', at });
    unsure(draft);
    return null;
  }
  if (command.type === 'enterBranch') return enterBranch(draft, command);
  if (command.type === 'forgetFlaky') {
    const { check, test } = command;
    if (isFlaky(draft.state.queue.flaky ?? {}, command))
      draft.emit({ type: 'flaky.forgotten', check, test, at });
    return null;
  }
  const request = draft.state.requests[command.request];
  if (request === undefined) return refused('no_such', { what: 'request', id: command.request });
  const { id, stage } = request;
  if (!openStages.includes(stage)) return refused('not_now', { request: id, stage });
  switch (command.type) {
    case 'approve':
      if (request.approval !== null) return null;
      draft.emit({ type: 'request.approved', request: id, approval: 'person', at });
      if (stage === 'ready') moveRequest(draft, id, 'approved');
      return null;
    case 'moveToFront':
      if (stage === 'landing' || stage === 'offered') return refused('not_now', { request: id, stage });
      draft.emit({ type: 'request.front', request: id, at });
      return null;
    case 'reprove':
      // While it is proven or lands, there is nothing to begin anew yet.
      if (stage === 'proving' || stage === 'landing') return refused('not_now', { request: id, stage });
      moveRequest(draft, id, 'queued', command.reason);
      return null;
    case 'eject':
      // The landing hand may still turn back; a person would come too late to know on which side.
      if (stage === 'landing') return refused('not_now', { request: id, stage });
      return eject(draft, request, command.ask, command.reason);
  }
}

function enterBranch(draft: Draft, command: Extract<QueueCommand, { type: 'enterBranch' }>): Refusal | null {
  const { at } = draft;
  const { request, bead, branch, evidence, reverts } = command;
  if (draft.state.rig === null) return refused('no_such', { what: 'rig', id: '' });
  if (command.draft.title.trim() === '') return refused('empty', { what: 'title' });
  const same = [...draft.depot.requests.values()].find((one) => one.branch === branch);
  if (same !== undefined) return refused('already_exists', { what: 'request', id: same.id });
  const again = [...draft.depot.requests.values()].find((one) => one.reverts === reverts);
  if (reverts !== undefined && again !== undefined)
    return refused('already_exists', { what: 'request', id: again.id });
  const reverted = reverts === undefined ? undefined : draft.state.requests[reverts];
  if (reverts !== undefined && reverted?.stage !== 'landed')
    return refused('no_such', { what: 'request', id: reverts });
  draft.emit({ type: 'bead.created', bead, convoy: null, draft: command.draft, at });
  draft.emit({ type: 'bead.evidenced', bead, evidence, at });
  const moved = draft.move(bead, 'merging');
  if (moved !== null) return moved;
  const { approval = null } = command;
  const entered = { request, bead, branch, head: evidence.commit, approval, at };
  draft.emit({ type: 'request.entered', ...entered, ...(reverts === undefined ? {} : { reverts }) });
  return null;
}

/** Taken out of the queue: the bead stands still until a person says how it goes on. */
function eject(draft: Draft, request: MergeRequest, ask: AskId, why: Reason): Refusal | null {
  const left = leaving(request, why);
  const polecat = draft.polecatOf(request.bead);
  moveRequest(draft, request.id, 'ejected', left);
  if (polecat === undefined) return draft.move(request.bead, 'failed', why);
  const refusal = draft.move(request.bead, 'in_progress', why);
  if (refusal === null) draft.raiseStuck(ask, polecat, left);
  return refusal;
}
