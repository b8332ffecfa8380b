import type { CommitId, RequestId } from '../ids.ts';
import type { AskId } from '../ids.ts';
import { helperFor } from '../ladder.ts';
import type { MergeRequest } from '../mergeRequest.ts';
import { type Reason, reason } from '../reason.ts';
import { completeContest, reopenContest } from './contest.ts';
import type { Draft } from './draft.ts';

export function moveRequest(
  draft: Draft,
  request: RequestId,
  to: MergeRequest['stage'],
  why: Reason | null = null,
): void {
  draft.emit({ type: 'request.moved', request, to, reason: why, at: draft.at });
}

/** A bead completes here and nowhere else: its commit is in the target. */
export function completeLanded(draft: Draft, request: MergeRequest, commit: CommitId): void {
  const { at } = draft;
  draft.emit({ type: 'request.landed', request: request.id, commit, at });
  draft.emit({ type: 'bead.landed', bead: request.bead, commit, at });
  draft.move(request.bead, 'completed');
  completeContest(draft, request.bead, commit);
  const reverted = request.reverts === undefined ? undefined : draft.state.requests[request.reverts];
  // One that no agent made stands for a branch of a person's, which is theirs to bring again.
  const wasMade = reverted !== undefined && draft.polecatOf(reverted.bead) !== undefined;
  if (!wasMade) return;
  const why = reason('landing_reverted', { commit });
  draft.move(reverted.bead, 'queued', why);
  reopenContest(draft, reverted.bead, why);
}

/**
 * To its agent, with what went wrong, or with the same conflict again to another vendor's; to a person once it came back too often, or where
 * no agent made it.
 */
export function giveBack(
  draft: Draft,
  id: RequestId,
  outcome: 'conflict' | 'failed',
  why: Reason,
  maxRounds: number,
): void {
  const request = draft.state.requests[id];
  if (request === undefined) return;
  moveRequest(draft, id, outcome, why);
  const polecat = draft.polecatOf(request.bead);
  if (polecat === undefined) {
    draft.move(request.bead, 'failed', why);
    return;
  }
  if (draft.move(request.bead, 'in_progress', why) !== null) return;
  const helper =
    roundsOf(draft, request) > maxRounds ? 'person' : helperFor(draft.state.requests, request, why);
  // Whether another vendor's can take it shows when its session opens.
  const to = helper === 'vendor' ? 'agent' : helper;
  if (outcome === 'conflict') draft.emit({ type: 'request.handed', request: id, to, at: draft.at });
  if (helper === 'person') raiseFor(draft, request, why);
  else draft.want(polecat.id, 'revise', why, outcome === 'conflict' && helper === 'vendor');
}

function roundsOf(draft: Draft, { bead }: MergeRequest): number {
  const back = Object.values(draft.state.requests).filter((one) => one.bead === bead);
  return back.filter((one) => one.stage === 'conflict' || one.stage === 'failed').length;
}

function raiseFor(draft: Draft, { id, bead }: MergeRequest, why: Reason): void {
  const polecat = draft.polecatOf(bead);
  const ask = id.replace(/^mr-/, 'ak-') as AskId;
  if (polecat !== undefined && draft.state.asks[ask] === undefined) draft.raiseStuck(ask, polecat, why);
}
