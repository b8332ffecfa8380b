import { type Depot, type Place, depotOf } from './depot.ts';
import type { DispatchFacts } from './dispatchFacts.ts';
import type { BeadId, Instant } from './ids.ts';
import { type Decision, Pass } from './pass.ts';
import type { Seat } from './polecat.ts';
import { type Round, rounds } from './suited.ts';
import { notReady, rigHolds } from './ready.ts';
import type { Reason } from './reason.ts';
import type { RigState } from './state.ts';

export type { DispatchFacts, PersonPlaces } from './dispatchFacts.ts';

/** For every queued bead: the seat it starts in now, or why it waits. */
export type Assignment =
  { readonly bead: BeadId; readonly seat: Seat } | { readonly bead: BeadId; readonly wait: Reason };

/** All queued beads, in order. `at`: now, by which limits end; 0: they all still hold. */
export function dispatch(state: RigState, facts: DispatchFacts, at: Instant): readonly Assignment[] {
  const depot = depotOf(state);
  const pass = new Pass(state, depot, facts, at, true);
  const decisions = rigHolds(state) === null ? allocate(depot, pass, Infinity) : new Map<BeadId, Decision>();
  return depot.line().map((place): Assignment => {
    const bead = place.bead.id;
    const wait = notReady(state, place.bead);
    if (wait !== null) return { bead, wait };
    const decision = decisions.get(bead) ?? pass.consider(place, 'any');
    return decision.wait === null ? { bead, seat: decision.seat } : { bead, wait: decision.wait };
  });
}

/** A decision with the place in the depot of the bead it is about. */
export type Decided = Decision & { readonly place: Place };

/** What starts now, in order: the same as `dispatch` says, without a look at all that is queued. */
export function launches(
  state: RigState,
  depot: Depot,
  pass: Pass,
): readonly Extract<Decided, { wait: null }>[] {
  if (rigHolds(state) !== null || pass.isHopeless()) return [];
  return [...allocate(depot, pass, lookahead).values()].flatMap((one) => (one.wait === null ? [one] : []));
}

/** Behind so many that cannot start, nothing is looked for: a turn must end. */
const lookahead = 1_000;

/**
 * Decides about ready beads until all places are taken. Of each class first those start that a seat suits best, in
 * order, then those that it suits less: so what is scarce goes where most comes of it, and nothing stands idle. Of those
 * that were not asked for any seat by then it says nothing.
 */
export function allocate(depot: Depot, pass: Pass, most: number): ReadonlyMap<BeadId, Decided> {
  const decisions = new Map<BeadId, Decided>();
  let left = most;
  let waiting: Place[] = [];
  const consider = (place: Place, round: Round): boolean => {
    const decision = pass.consider(place, round);
    // That no seat suits it well enough is no reason to wait: it is asked again, unless others take all places before.
    if (decision.wait === null || round === 'any') decisions.set(place.bead.id, { ...decision, place });
    return decision.wait === null;
  };
  const goOn = (): void => {
    for (const round of rounds.slice(1)) {
      if (pass.isFull()) break;
      waiting = waiting.filter((place) => pass.isFull() || !consider(place, round));
    }
    waiting = [];
  };
  let rank = -1;
  for (const place of depot.ready) {
    if (place.rank !== rank) goOn();
    if (pass.isFull() || left <= 0) break;
    rank = place.rank;
    if (consider(place, 'best')) continue;
    waiting.push(place);
    left -= 1;
  }
  goOn();
  return decisions;
}
