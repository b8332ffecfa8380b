import type { Ask } from './ask.ts';
import { type Bead, isOpen } from './bead.ts';
import { comeBack } from './comeBack.ts';
import { standingOf } from './contest.ts';
import { isHeld } from './offer.ts';
import { noPlaceLeft } from './freePlaces.ts';
import { depotOf } from './depot.ts';
import { type DispatchFacts, dispatch } from './dispatch.ts';
import type { BeadId, Instant } from './ids.ts';
import { type MergeRequest, openStages } from './mergeRequest.ts';
import { Pass } from './pass.ts';
import type { Polecat } from './polecat.ts';
import { type Reason, reason } from './reason.ts';
import { stepOf } from './queue.ts';
import type { RigState } from './state.ts';

/** What is open about each bead, gathered once: a rig may hold thousands of both. */
interface Open {
  readonly asks: ReadonlyMap<BeadId, Ask>;
  readonly requests: ReadonlyMap<BeadId, MergeRequest>;
  /** In which polecats that come back are judged. */
  readonly pass: Pass;
}

/** For every bead the one reason why it is where it is: what it waits for, or who moves it. */
export function whyAll(
  state: RigState,
  facts: DispatchFacts,
  now: Instant = 0,
): Readonly<Record<BeadId, Reason>> {
  const reasons: Record<BeadId, Reason> = {};
  for (const assignment of dispatch(state, facts, now)) {
    reasons[assignment.bead] = 'wait' in assignment ? assignment.wait : reason('waits_for_slot');
  }
  const open = { ...openOf(state), pass: new Pass(state, depotOf(state), facts, now, true) };
  for (const bead of Object.values(state.beads)) reasons[bead.id] ??= why(state, bead, open);
  return reasons;
}

function openOf(state: RigState): Omit<Open, 'pass'> {
  const asks = new Map<BeadId, Ask>();
  for (const ask of Object.values(state.asks)) {
    if (ask.answer === null && ask.bead !== null && !asks.has(ask.bead)) asks.set(ask.bead, ask);
  }
  const requests = Object.values(state.requests).filter((one) => openStages.includes(one.stage));
  return { asks, requests: new Map(requests.map((one) => [one.bead, one])) };
}

function why(state: RigState, bead: Bead, open: Open): Reason {
  if (!isOpen(bead.status)) return bead.reason ?? reason('ended', { status: bead.status });
  const subject = open.asks.get(bead.id)?.subject;
  if (subject?.kind === 'permission') return reason('asks_person', { detail: subject.detail });
  if (subject?.kind === 'stuck' || subject?.kind === 'attention') return subject.reason;
  if (subject?.kind === 'question') return reason('agent_asks', { question: subject.question });
  if (bead.status === 'deferred') return reason('deferred_until', { until: bead.deferredUntil });
  if (bead.status === 'contested') return whyContested(state, bead);
  if (bead.status === 'contending') return reason('waits_for_pick', { attempts: 1 });
  if (bead.status === 'merging') return whyMerging(state, open.requests.get(bead.id));
  if (state.stopped) return reason('town_stopped');
  if (bead.status === 'optimizing') return whyOptimizing(state, bead);
  if (bead.status === 'reviewing') return reason('proving_evidence');
  const polecat = bead.polecat === null ? undefined : state.polecats[bead.polecat];
  return whyWorking(state, bead, polecat, open.pass);
}

/** What `due` says of it. */
function whyOptimizing({ rig, convoys }: RigState, { convoy }: Bead): Reason {
  if (rig?.parked !== false) return reason('rig_parked');
  return convoy !== null && convoys[convoy]?.held === true
    ? reason('convoy_held', { convoy })
    : reason('being_worded');
}

/** Of a bead that is tried in several seats: what its attempts are at. */
function whyContested(state: RigState, bead: Bead): Reason {
  const { attempts, atWork, pickable, picked } = standingOf(state, bead);
  if (picked !== null) return reason('attempt_picked', { bead: picked.id });
  return atWork.length === 0
    ? reason('waits_for_pick', { attempts: pickable.length })
    : reason('tried_in_seats', { attempts: attempts.length, atWork: atWork.length });
}

function whyMerging(state: RigState, request: MergeRequest | undefined): Reason {
  if (request?.stage === 'ready') return reason('waits_for_approval', { request: request.id });
  if (state.stopped) return reason('town_stopped');
  const { paused } = state.queue;
  const isGiven = request?.offer !== undefined && (request.offer.opened || isHeld(request.offer));
  if (request?.stage === 'offered' && (isGiven || paused === null)) return whyOffered(request);
  if (paused !== null) return paused.reason ?? reason('queue_paused');
  if (state.rig?.checks === null) return reason('checks_unconfirmed');
  if (request?.stage === 'queued' && request.reason !== null) return request.reason;
  const step = request === undefined ? null : stepOf(state, request.id);
  return reason('in_merge_queue', { stage: request?.stage ?? 'queued', step });
}

function whyOffered({ reason: why, offer }: MergeRequest): Reason {
  if (why !== null) return why;
  const { target = '', url = null, opened = false } = offer ?? {};
  return opened
    ? reason('at_the_forge', { target, url })
    : reason('in_merge_queue', { stage: 'offered', step: null });
}

function whyWorking(state: RigState, bead: Bead, polecat: Polecat | undefined, pass: Pass): Reason {
  const name = polecat?.name ?? '';
  switch (polecat?.state) {
    case 'housing':
      return reason('being_housed', { polecat: name });
    case 'starting':
      return reason('agent_starting', { polecat: name });
    case 'working':
      return reason('agent_working', { polecat: name });
    case 'ready':
      if (state.rig?.parked === true) return reason('rig_parked');
      return whyReady(state, bead, polecat, pass);
    case 'resting':
    case 'retired':
    case undefined:
      return bead.reason ?? reason('stuck', { polecat: name });
  }
}

/** One that a person may have to decide about says so; else what it waits for first. */
function whyReady(state: RigState, bead: Bead, polecat: Polecat, pass: Pass): Reason {
  const how = comeBack(state, polecat, bead, pass);
  if (how.kind !== 'opens') return how.wait;
  return (pass.facts.person?.left ?? 1) <= 0
    ? noPlaceLeft(pass.facts)
    : reason('waits_for_slot', { polecat: polecat.name });
}
