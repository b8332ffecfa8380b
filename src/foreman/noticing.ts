import type { Notice, NoticeKind } from '../ports/notices.ts';
import type { BeadId, Instant, PolecatId, RequestId } from '../town/ids.ts';
import type { Facts, Reason } from '../town/reason.ts';
import type { RigState, TownEvent } from '../town/state.ts';

/** Events too small to be told: they show in the trees, or another event of the same turn says it better. */
const untold: readonly TownEvent['type'][] = [
  'bead.contested',
  'bead.inspected',
  'bead.touched',
  'bead.usage',
  'review.drafted',
  'review.edited',
  'review.dropped',
  'bead.landed',
  'polecat.wants',
  'polecat.rested',
  'request.step',
  'batch.assembled',
  'batch.running',
  'batch.step',
  'batch.lands',
  'batch.landing',
  'batch.landed',
  'batch.ended',
  'trace.running',
  'trace.ran',
  'target.unsure',
  'target.looking',
  'target.proven',
  'session.opened',
  'session.claimed',
  'bead.archived',
  'convoy.archived',
  'bead.edited',
  'session.conversation',
  'session.leaving',
  'session.doing',
  'polecat.unnoted',
];

/** A feed line for an event, or null when it is not worth one. */
export function noticeOf(before: RigState, after: RigState, event: TownEvent, at: Instant): Notice | null {
  if (untold.includes(event.type) || (event.type === 'batch.ran' && event.run.known)) return null;
  const request = 'request' in event ? event.request : null;
  const polecat = 'polecat' in event ? event.polecat : null;
  const bead = beadOf(after, event, polecat, request);
  const from = event.type === 'bead.moved' ? (before.beads[event.bead]?.status ?? null) : null;
  return {
    at,
    level: levelOf(event),
    what: event.type,
    facts: {
      ...plainFacts(event),
      ...(event.type === 'batch.ran' ? ranFacts(after, event) : {}),
      ...(event.type === 'bead.evidenced' ? unprovenFacts(event) : {}),
      ...(event.type === 'request.settled' ? settledFacts(event) : {}),
      from,
      ...(bead === null ? {} : { title: after.beads[bead]?.title ?? null }),
    },
    why: whyOf(event),
    kind: kindOf(event),
    bead,
    polecat,
    request,
  };
}

function beadOf(
  state: RigState,
  event: TownEvent,
  polecat: PolecatId | null,
  request: RequestId | null,
): BeadId | null {
  if ('bead' in event && event.bead !== null) return event.bead;
  if (polecat !== null) return state.polecats[polecat]?.bead ?? null;
  if (request !== null) return state.requests[request]?.bead ?? null;
  return event.type === 'ask.answered' ? (state.asks[event.ask]?.bead ?? null) : null;
}

/** Strings, numbers, booleans and lists of strings of the event itself; nested values have words of their own. */
function plainFacts(event: TownEvent): Facts {
  const entries = Object.entries(event).filter(([key, value]) => key !== 'type' && isPlain(value));
  return Object.fromEntries(entries);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string');
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function ranFacts(state: RigState, { run }: Extract<TownEvent, { type: 'batch.ran' }>): Facts {
  return { outcome: run.outcome, target: state.rig?.target ?? null };
}

/** A person's branch is proven in the queue, and not before. */
function unprovenFacts({ evidence }: Extract<TownEvent, { type: 'bead.evidenced' }>): Facts {
  return evidence.commit !== null && evidence.checks.length === 0 ? { commit: evidence.commit } : {};
}

function settledFacts({ settled }: Extract<TownEvent, { type: 'request.settled' }>): Facts {
  return settled === null ? {} : { by: settled.by, files: settled.files };
}

function whyOf(event: TownEvent): Reason | null {
  if ('reason' in event) return event.reason;
  if (event.type === 'ask.raised' && event.subject.kind === 'stuck') return event.subject.reason;
  return null;
}

function levelOf(event: TownEvent): Notice['level'] {
  switch (event.type) {
    case 'bead.moved':
      return event.to === 'completed'
        ? 'good'
        : event.to === 'failed'
          ? 'error'
          : event.reason === null || event.to === 'not_picked'
            ? 'info'
            : 'warning';
    case 'batch.ran':
      return event.run.outcome === 'green' ? 'good' : 'warning';
    case 'queue.notPushed':
      return event.reason === null ? 'info' : 'warning';
    case 'queue.pushed':
    case 'request.settled':
    case 'target.green':
      return 'good';
    case 'queue.disowned':
      return 'warning';
    case 'target.red':
      return 'error';
    case 'target.reverted':
    case 'polecat.resolving':
      return event.reason === null ? 'info' : 'warning';
    case 'queue.paused':
      return event.reason === null ? 'info' : 'error';
    case 'request.moved':
      return event.to === 'conflict' || event.to === 'failed' ? 'warning' : 'info';
    case 'request.landed':
    case 'bead.picked':
    case 'convoy.closed':
    case 'request.proven':
      return 'good';
    case 'session.ended':
      return event.exit.code === 0 ? 'info' : 'warning';
    case 'ask.raised':
    case 'bead.reminded':
    case 'review.reminded':
    case 'bead.accepted':
      return 'warning';
    default:
      return 'info';
  }
}

const kinds: Readonly<Record<string, NoticeKind>> = {
  bead: 'bead',
  convoy: 'bead',
  polecat: 'agent',
  session: 'agent',
  request: 'landing',
  batch: 'landing',
  queue: 'landing',
  flaky: 'landing',
  review: 'landing',
  trace: 'landing',
  target: 'landing',
  ask: 'agent',
  rig: 'town',
  town: 'town',
};

function kindOf(event: TownEvent): NoticeKind {
  return kinds[event.type.slice(0, event.type.indexOf('.'))] ?? 'town';
}
