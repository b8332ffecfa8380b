import { aftermathOf, revertOf } from './redTarget.ts';
import type { Ask } from './ask.ts';
import { type Bead, isOpen } from './bead.ts';
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
  /** They settle its conflict; nobody else works there until they are done with it or abandon it. */
  | { readonly kind: 'resolving'; readonly bead: Bead; readonly since: Instant; readonly deadline: Instant }
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
const urgency: Readonly<Record<Exclude<Need['kind'], 'ask'> | Ask['subject']['kind'], number>> = {
  permission: 0,
  question: 1,
  attention: 2,
  checks: 3,
  moveOn: 4,
  budget: 5,
  stuck: 6,
  resolving: 6,
  red: 7,
  queue: 7,
  offer: 8,
  approval: 9,
  contest: 10,
};

export function needsYou(state: RigState): readonly Need[] {
  const resolving = resolvings(state);
  const resolved = resolving.map(beadOfNeed);
  // What stands still because a person works at it is one thing.
  const isTaken = ({ subject, bead }: Ask): boolean => subject.kind === 'stuck' && resolved.includes(bead);
  const asks = Object.values(state.asks)
    .filter((ask) => ask.answer === null && !isTaken(ask))
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
  return [...asks, ...resolving, ...queue, ...approvals, ...contests(state)].sort(moreUrgentFirst);
}

/** Whatever else became of it meanwhile: what a person began, only they end. */
function resolvings({ polecats, beads, requests }: RigState): readonly Need[] {
  return Object.values(polecats).flatMap(({ resolving, bead: id, state }): readonly Need[] => {
    const bead = beads[id];
    if (resolving === undefined || bead === undefined || !isOpen(bead.status) || state === 'retired')
      return [];
    const since = requests[resolving.request]?.changedAt ?? bead.changedAt;
    return [{ kind: 'resolving', bead, since, deadline: since + approvalPatienceMs }];
  });
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
  if (need.kind === 'contest' || need.kind === 'resolving') return need.bead.id;
  return need.kind === 'queue' ? null : (need.request?.bead ?? null);
}
