import type { Command } from '../command.ts';
import { type ComeBack, comeBack, moveAskId, waiting } from '../comeBack.ts';
import { launches } from '../dispatch.ts';
import { newestConflict } from '../ladder.ts';
import { Pass } from '../pass.ts';
import { type Polecat, type Seat, freeName } from '../polecat.ts';
import { reason } from '../reason.ts';
import { type BeadId, polecatId } from '../ids.ts';
import { archive } from './archive.ts';
import { advanceQueue } from './advance.ts';
import { keepBudgets } from './budgets.ts';
import { settleContests } from './contest.ts';
import type { Draft, Refusal } from './draft.ts';

type Tick = Extract<Command, { type: 'tick' }>;

/** What time and free places bring about: returning polecats, new beads, the next request in the queue. */
export function tick(draft: Draft, command: Tick): Refusal | null {
  wakeDeferred(draft);
  archive(draft);
  if (draft.state.stopped || draft.state.rig === null) return null;
  keepBudgets(draft, command.fuel);
  if (!draft.state.rig.parked) {
    const pass = new Pass(draft.state, draft.depot, command, draft.at);
    reopen(draft, pass);
    for (const { place, seat } of launches(draft.state, draft.depot, pass))
      assign(draft, place.bead.id, seat);
  }
  settleContests(draft);
  advanceQueue(draft, command.queue);
  return null;
}

function wakeDeferred(draft: Draft): void {
  for (let next = draft.depot.deferred.first; next !== undefined && next.at <= draft.at;) {
    draft.move(next.id, 'queued');
    next = draft.depot.deferred.first;
  }
}

/** A polecat that was promised a session gets one before any new bead does. */
function reopen(draft: Draft, pass: Pass): void {
  for (const polecat of waiting(draft.depot.polecats.values())) {
    if (pass.isFull()) return;
    const bead = draft.state.beads[polecat.bead];
    if (polecat.wants === null || bead === undefined) continue;
    const how = comeBack(draft.state, polecat, bead, pass);
    if (how.kind === 'opens') {
      pass.take(bead, how.seat, how.need);
      open(draft, polecat, how);
    } else if (how.kind === 'asks') askToMove(draft, polecat, how);
  }
}

function open(draft: Draft, polecat: Polecat, { seat, moved }: Extract<ComeBack, { kind: 'opens' }>): void {
  const { id, wants } = polecat;
  if (wants === null) return;
  const { at } = draft;
  for (const ask of Object.values(draft.state.asks))
    if (ask.answer === null && ask.subject.kind === 'moveOn' && ask.subject.polecat === id)
      draft.answer(ask.id, 'dismiss');
  const isForConflict = wants.other === true && moved;
  const conflict = isForConflict ? { conflict: true as const } : {};
  if (moved) draft.emit({ type: 'polecat.chosen', polecat: id, provider: seat.provider, ...conflict, at });
  const handed = isForConflict ? newestConflict(draft.state.requests, polecat.bead) : undefined;
  if (handed !== undefined) draft.emit({ type: 'request.handed', request: handed.id, to: 'vendor', at });
  // What it is to settle stands in its feedback.
  const feedback =
    moved && !isForConflict ? reason('moved_to_provider', { provider: seat.provider }) : wants.feedback;
  const token = draft.state.nextToken;
  draft.emit({ type: 'session.opened', polecat: id, token, seat, purpose: wants.purpose, feedback, at });
}

function askToMove(draft: Draft, polecat: Polecat, { to, until }: Extract<ComeBack, { kind: 'asks' }>): void {
  const bead = draft.state.beads[polecat.bead];
  if (bead === undefined) return;
  const { provider: from } = polecat.seat;
  const { id, convoy } = bead;
  draft.raise(moveAskId(bead), id, {
    kind: 'moveOn',
    polecat: polecat.id,
    convoy,
    from,
    until,
    to: to.provider,
  });
}

function assign(draft: Draft, bead: BeadId, seat: Seat): void {
  const token = draft.state.nextToken;
  const former = draft.state.beads[bead]?.polecat ?? null;
  const name = freeName(draft.state.polecats);
  const branch = `polecat/${name}/${bead}`;
  if (draft.move(bead, 'assigned') !== null) return;
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
