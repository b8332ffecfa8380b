import type { Command } from '../command.ts';
import { chooseSeat, dispatch, freeSlots, limitsOf } from '../dispatch.ts';
import type { MergeRequest } from '../mergeRequest.ts';
import { polecatId } from '../ids.ts';
import { freeName } from '../polecat.ts';
import { archive } from './archive.ts';
import type { Draft, Refusal } from './draft.ts';

type Tick = Extract<Command, { type: 'tick' }>;

/** What time and free places bring about: returning polecats, new beads, the next request in the queue. */
export function tick(draft: Draft, command: Tick): Refusal | null {
  wakeDeferred(draft);
  archive(draft);
  if (draft.state.stopped || draft.state.rig === null) return null;
  if (!draft.state.rig.parked) {
    reopen(draft, command);
    assign(draft, command);
  }
  advanceQueue(draft);
  return null;
}

function wakeDeferred(draft: Draft): void {
  for (const bead of Object.values(draft.state.beads)) {
    if (bead.status === 'deferred' && (bead.deferredUntil ?? 0) <= draft.at) draft.move(bead.id, 'queued');
  }
}

/** A polecat that was promised a session gets one before any new bead does. */
function reopen(draft: Draft, facts: Tick): void {
  const waiting = Object.values(draft.state.polecats)
    .filter((one) => one.state === 'ready')
    .sort((a, b) => a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1));
  const limits = limitsOf(draft.state, draft.at);
  let left = facts.person?.left ?? Infinity;
  for (const polecat of waiting) {
    if (freeSlots(draft.state, facts.maxPolecats) <= 0 || left <= 0) return;
    const bead = draft.state.beads[polecat.bead];
    const seat =
      facts.seats.find((one) => one.provider === polecat.chosen) ??
      facts.seats.find((one) => one.tank === polecat.seat.tank) ??
      (bead === undefined ? null : chooseSeat(bead, facts.seats));
    if (polecat.wants === null || seat === null || limits.has(seat.tank)) continue;
    if (polecat.limit?.alone === true && polecat.limit.until > draft.at) continue;
    const { purpose, feedback } = polecat.wants;
    const token = draft.state.nextToken;
    left -= 1;
    draft.emit({ type: 'session.opened', polecat: polecat.id, token, seat, purpose, feedback, at: draft.at });
  }
}

function assign(draft: Draft, facts: Tick): void {
  for (const assignment of dispatch(draft.state, facts, draft.at)) {
    if (!('seat' in assignment)) continue;
    const { bead, seat } = assignment;
    const token = draft.state.nextToken;
    const former = draft.state.beads[bead]?.polecat ?? null;
    const name = freeName(draft.state.polecats);
    const branch = `polecat/${name}/${bead}`;
    if (draft.move(bead, 'assigned') !== null) continue;
    const kept = former === null ? undefined : draft.state.polecats[former];
    if (kept !== undefined && kept.state !== 'retired') draft.want(kept.id, 'resume', null);
    else
      draft.emit({
        type: 'polecat.created',
        polecat: polecatId(name, token),
        name,
        bead,
        branch,
        seat,
        token,
        at: draft.at,
      });
  }
}

/** First form of the queue: one request is proven at a time, oldest first; a stale proof is made anew. */
function advanceQueue(draft: Draft): void {
  const open = Object.values(draft.state.requests).sort(older);
  if (open.some((one) => one.stage === 'proving' || one.stage === 'landing')) return;
  const next = open.find((one) => one.stage === 'approved') ?? open.find((one) => one.stage === 'queued');
  if (next === undefined) return;
  const to = next.stage === 'approved' ? 'landing' : 'proving';
  draft.emit({ type: 'request.moved', request: next.id, to, reason: next.reason, at: draft.at });
}

function older(a: MergeRequest, b: MergeRequest): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
