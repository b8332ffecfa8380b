import { aftermathOf, revertOf } from './redTarget.ts';
import type { Ask } from './ask.ts';
import type { Bead } from './bead.ts';
import { standingOf, waitsForPick } from './contest.ts';
import type { BeadId, Instant } from './ids.ts';
import type { MergeRequest } from './mergeRequest.ts';
import { isHeld } from './offer.ts';
import type { Reason } from './reason.ts';
import type { RigState } from './state.ts';
import { isHeldUp } from './unpushed.ts';

/** What waits for a person, most urgent first. */
export type Need =
  | { readonly kind: 'ask'; readonly ask: Ask; readonly since: Instant; readonly deadline: Instant }
  | {
      readonly kind: 'approval';
      readonly request: MergeRequest;
      readonly since: Instant;
      readonly deadline: Instant;
    }
  /** Attempts at a bead are to be compared, and one to be picked. */
  | {
      readonly kind: 'contest';
      readonly bead: Bead;
      readonly attempts: readonly Bead[];
      readonly since: Instant;
      readonly deadline: Instant;
    }
  /** The target itself is red; of a landing that did it, that can be taken back. */
  | {
      readonly kind: 'red';
      readonly request: MergeRequest | null;
      readonly reason: Reason;
      readonly since: Instant;
      readonly deadline: Instant;
    }
  /** What was to be given to the forge, or was, and does not go on by itself. */
  | {
      readonly kind: 'offer';
      readonly request: MergeRequest;
      readonly reason: Reason;
      readonly since: Instant;
      readonly deadline: Instant;
    }
  /** The merge queue stopped by itself, or the remote does not take what landed: what it found only a person can mend. */
  | {
      readonly kind: 'queue';
      readonly reason: Reason;
      readonly since: Instant;
      readonly deadline: Instant;
    };

/** A day: an unapproved landing holds nobody's process, only the beads behind it. */
const approvalPatienceMs = 24 * 60 * 60 * 1000;
/** Nothing lands until then. */
const stoppedPatienceMs = 4 * 60 * 60 * 1000;

/** An agent that waits with its process running costs most, then what stands still, then what is finished. */
const urgency: Readonly<
  Record<Ask['subject']['kind'] | 'approval' | 'contest' | 'offer' | 'red' | 'queue', number>
> = {
  permission: 0,
  question: 1,
  attention: 2,
  checks: 3,
  moveOn: 4,
  budget: 5,
  stuck: 6,
  red: 7,
  queue: 7,
  offer: 8,
  approval: 9,
  contest: 10,
};

export function needsYou(state: RigState): readonly Need[] {
  const asks = Object.values(state.asks)
    .filter((ask) => ask.answer === null)
    .map((ask): Need => ({ kind: 'ask', ask, since: ask.raisedAt, deadline: ask.deadline }));
  const approvals = Object.values(state.requests)
    .filter((request) => request.stage === 'ready')
    .map((request): Need => ({
      kind: 'approval',
      request,
      since: request.changedAt,
      deadline: request.changedAt + approvalPatienceMs,
    }));
  const queue = [...stopped(state), ...heldUp(state), ...broken(state), ...notOffered(state)];
  return [...asks, ...queue, ...approvals, ...contests(state)].sort(moreUrgentFirst);
}

function contests(state: RigState): readonly Need[] {
  const waiting = Object.values(state.beads).filter((one) => waitsForPick(state, one));
  return waiting.map((bead) => {
    const { attempts, pickable } = standingOf(state, bead);
    const since = Math.max(...attempts.map((one) => one.changedAt));
    return { kind: 'contest', bead, attempts: pickable, since, deadline: since + approvalPatienceMs };
  });
}

function stopped(state: RigState): readonly Need[] {
  const { paused } = state.queue;
  if (paused?.reason == null) return [];
  const { reason, at } = paused;
  return [{ kind: 'queue', reason, since: at, deadline: at + stoppedPatienceMs }];
}

/** What landed and the remote does not take. */
function heldUp(state: RigState): readonly Need[] {
  const { unpushed = null } = state.queue;
  if (unpushed?.why == null || !isHeldUp(unpushed)) return [];
  const { why, since } = unpushed;
  return [{ kind: 'queue', reason: why, since, deadline: since + approvalPatienceMs }];
}

/** Until something takes it back, or a look finds the target green. */
function broken(state: RigState): readonly Need[] {
  const { red } = aftermathOf(state);
  if (red === null || (red.request !== null && revertOf(state, red.request) !== undefined)) return [];
  const request = red.request === null ? null : (state.requests[red.request] ?? null);
  const { reason, at: since } = red;
  return [{ kind: 'red', request, reason, since, deadline: since + stoppedPatienceMs }];
}

function notOffered({ requests }: RigState): readonly Need[] {
  return Object.values(requests).flatMap((request): readonly Need[] => {
    const { stage, offer, changedAt: since } = request;
    if (stage !== 'offered' || offer?.why == null || !isHeld(offer)) return [];
    return [{ kind: 'offer', request, reason: offer.why, since, deadline: since + approvalPatienceMs }];
  });
}

/** For views over several rigs. */
export function moreUrgentFirst(a: Need, b: Need): number {
  return urgencyOf(a) - urgencyOf(b) || a.since - b.since;
}

function urgencyOf(need: Need): number {
  return urgency[need.kind === 'ask' ? need.ask.subject.kind : need.kind];
}

/** Which bead waits for the person, if it is one. */
export function beadOfNeed(need: Need): BeadId | null {
  if (need.kind === 'ask') return need.ask.bead;
  if (need.kind === 'contest') return need.bead.id;
  return need.kind === 'queue' ? null : (need.request?.bead ?? null);
}
