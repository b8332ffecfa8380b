import { type AskEvent, type Asks, foldAsk } from './ask.ts';
import { type Bead, type BeadArchived, type BeadEvent, type Beads, foldBead } from './bead.ts';
import { type ConvoyEvent, type Convoys, foldConvoy } from './convoy.ts';
import type { BeadId, Instant, Token } from './ids.ts';
import { type RequestEvent, type Requests, foldRequest } from './mergeRequest.ts';
import { type Exit, type PolecatEvent, type Polecats, foldPolecat, isKeptOut } from './polecat.ts';
import { type Queue, type QueueEvent, emptyQueue, foldQueue } from './queue.ts';
import { without } from './record.ts';
import { type ReviewEvent, foldThreads, threadsOf } from './review.ts';
import { type Rig, type RigEvent, foldRig } from './rig.ts';

/** Everything Rigs knows of one rig: plain JSON, the fold of its journal. */
export interface RigState {
  readonly rig: Rig | null;
  /** *Stop Town* was said and *Start Town* not yet. */
  readonly stopped: boolean;
  readonly nextToken: Token;
  readonly queue: Queue;
  readonly beads: Beads;
  readonly convoys: Convoys;
  readonly polecats: Polecats;
  readonly requests: Requests;
  readonly asks: Asks;
}

export type TownEvent =
  | RigEvent
  | BeadEvent
  | BeadArchived
  | ReviewEvent
  | ConvoyEvent
  | PolecatEvent
  | RequestEvent
  | QueueEvent
  | AskEvent
  | { readonly type: 'town.stopped'; readonly at: Instant }
  | { readonly type: 'town.started'; readonly at: Instant };

export const emptyRig: RigState = {
  rig: null,
  stopped: false,
  nextToken: 1,
  queue: emptyQueue,
  beads: {},
  convoys: {},
  polecats: {},
  requests: {},
  asks: {},
};

/** Applies one event that happened. Total: an event about something unknown changes nothing. */
export function fold(state: RigState, event: TownEvent): RigState {
  switch (event.type) {
    case 'town.stopped':
      return { ...state, stopped: true };
    case 'town.started':
      return { ...state, stopped: false };
    case 'rig.adopted':
    case 'rig.target':
    case 'rig.parked':
    case 'rig.unparked':
    case 'rig.checks':
    case 'rig.granted':
    case 'rig.revoked':
      return { ...state, rig: foldRig(state.rig, event) };
    case 'bead.created':
    case 'bead.contested':
    case 'bead.picked':
    case 'bead.edited':
    case 'bead.moved':
    case 'bead.evidenced':
    case 'bead.inspected':
    case 'bead.accepted':
    case 'bead.sentBack':
    case 'bead.reminded':
    case 'bead.touched':
    case 'bead.usage':
    case 'bead.landed':
    case 'bead.filed':
    case 'bead.optimized':
    case 'bead.worded':
      return { ...state, beads: foldBead(state.beads, event) };
    case 'review.drafted':
    case 'review.edited':
    case 'review.dropped':
    case 'review.sent':
    case 'review.replied':
    case 'review.resolved':
    case 'review.reopened':
    case 'review.reminded':
      return foldReview(state, event);
    case 'bead.archived':
      return foldArchived(state, event);
    case 'convoy.created':
    case 'convoy.held':
    case 'convoy.released':
    case 'convoy.closed':
    case 'convoy.reopened':
    case 'convoy.archived':
      return { ...state, convoys: foldConvoy(state.convoys, event) };
    case 'polecat.created':
    case 'polecat.housed':
    case 'polecat.wants':
    case 'polecat.rested':
    case 'polecat.retired':
    case 'polecat.cleared':
    case 'polecat.chosen':
    case 'polecat.resolving':
    case 'polecat.noted':
    case 'polecat.unnoted':
    case 'session.doing':
    case 'session.leaving':
    case 'session.conversation':
    case 'session.claimed':
    case 'session.opened':
    case 'session.started':
    case 'session.ended':
      return foldWorker(state, event);
    case 'request.entered':
    case 'request.moved':
    case 'request.step':
    case 'request.proven':
    case 'request.approved':
    case 'request.offered':
    case 'request.opened':
    case 'request.notOffered':
    case 'request.landed':
    case 'request.front':
    case 'request.settled':
    case 'request.handed':
      return { ...state, requests: foldRequest(state.requests, event) };
    case 'batch.formed':
    case 'batch.assembled':
    case 'batch.running':
    case 'batch.step':
    case 'batch.ran':
    case 'batch.doubted':
    case 'batch.lands':
    case 'batch.landing':
    case 'batch.landed':
    case 'batch.ended':
    case 'trace.began':
    case 'trace.running':
    case 'trace.ran':
    case 'trace.ended':
    case 'queue.disowned':
    case 'queue.paused':
    case 'queue.resumed':
    case 'target.unsure':
    case 'target.looking':
    case 'target.proven':
    case 'target.green':
    case 'target.red':
    case 'target.reverting':
    case 'target.reverted':
    case 'queue.asked':
    case 'queue.pushed':
    case 'queue.notPushed':
    case 'flaky.forgotten':
      return { ...state, queue: foldQueue(state.queue, event) };
    case 'ask.raised':
    case 'ask.onScreen':
      return { ...state, asks: foldAsk(state.asks, event) };
    case 'ask.answered':
      return foldAnswer(state, event);
  }
}

function foldArchived(state: RigState, event: BeadArchived): RigState {
  return {
    ...state,
    beads: without(state.beads, [event.bead]),
    polecats: without(state.polecats, event.polecats),
    requests: without(state.requests, event.requests),
    asks: without(state.asks, event.asks),
  };
}

function foldReview(state: RigState, event: ReviewEvent): RigState {
  const bead = state.beads[event.bead];
  if (bead === undefined) return state;
  const threads = foldThreads(threadsOf(bead), event);
  const why = event.type === 'review.reminded' ? { reason: event.reason } : {};
  return { ...state, beads: { ...state.beads, [bead.id]: { ...bead, ...why, threads } } };
}

/** A person who says *Retry* gives the bead's next agent the patience a first one has. */
function foldAnswer(state: RigState, event: Extract<AskEvent, { type: 'ask.answered' }>): RigState {
  const bead = state.asks[event.ask]?.bead ?? null;
  const again = event.answer === 'retry' && bead !== null;
  return {
    ...state,
    asks: foldAsk(state.asks, event),
    beads: again ? hold(state.beads, bead, { deaths: 0, reminders: 0 }) : state.beads,
  };
}

/** Events of a polecat also show on the bead it holds, and move the rig's token on. */
function foldWorker(state: RigState, event: PolecatEvent): RigState {
  const next = { ...state, polecats: foldPolecat(state.polecats, event) };
  switch (event.type) {
    case 'polecat.created':
      return {
        ...next,
        nextToken: event.token + 1,
        beads: hold(state.beads, event.bead, { polecat: event.polecat }),
      };
    case 'session.opened': {
      const bead = next.polecats[event.polecat]?.bead;
      const attempts = bead === undefined ? 0 : (state.beads[bead]?.attempts ?? 0) + 1;
      const beads = bead === undefined ? state.beads : hold(state.beads, bead, { attempts });
      return { ...next, nextToken: event.token + 1, beads };
    }
    case 'session.ended': {
      const bead = state.beads[state.polecats[event.polecat]?.bead ?? ('' as BeadId)];
      const session = state.polecats[event.polecat]?.session ?? null;
      const isItsOwn = session?.leaving == null && !(session !== null && isKeptOut(session.seat, event.exit));
      if (bead === undefined || !isItsOwn || !isDeath(state, bead, event.exit)) return next;
      return { ...next, beads: hold(state.beads, bead.id, { deaths: bead.deaths + 1 }) };
    }
    default:
      return next;
  }
}

/** An agent whose done was refused ends so (`worker/exitCodes.ts`): it was told, and that was counted. */
export const notAccepted = 76;

/** An agent that was stopped, closed by a person or had already said done did not die on its bead. */
function isDeath(state: RigState, bead: Bead, exit: Exit): boolean {
  const atWork = bead.status === 'assigned' || bead.status === 'in_progress';
  return atWork && !state.stopped && exit.how !== 'closed' && exit.code !== 0 && exit.code !== notAccepted;
}

function hold(
  beads: Beads,
  id: BeadId,
  changes: Partial<Pick<Bead, 'polecat' | 'attempts' | 'deaths' | 'reminders'>>,
): Beads {
  const bead = beads[id];
  return bead === undefined ? beads : { ...beads, [id]: { ...bead, ...changes } };
}
