import { type Depot, type Place, depotOf } from './depot.ts';
import type { DispatchFacts } from './dispatchFacts.ts';
import type { BeadId, Instant } from './ids.ts';
import { Pass } from './pass.ts';
import type { Seat } from './polecat.ts';
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
  return depot.line().map((place) => assignmentOf(state, pass, place));
}

function assignmentOf(state: RigState, pass: Pass, place: Place): Assignment {
  const bead = place.bead.id;
  const wait = notReady(state, place.bead);
  if (wait !== null) return { bead, wait };
  const decision = pass.consider(place);
  return decision.wait === null ? { bead, seat: decision.seat } : { bead, wait: decision.wait };
}

/** Behind so many that cannot start, nothing is looked for: a turn must end. */
const lookahead = 1_000;

/** What starts now: the same as `dispatch` says, without a look at all that is queued. */
export function launches(
  state: RigState,
  depot: Depot,
  pass: Pass,
): readonly { readonly bead: BeadId; readonly seat: Seat }[] {
  if (rigHolds(state) !== null || pass.isHopeless()) return [];
  const found: { bead: BeadId; seat: Seat }[] = [];
  let passedOver = 0;
  for (const place of depot.ready) {
    if (pass.isFull() || passedOver >= lookahead) break;
    const decision = pass.consider(place);
    if (decision.wait === null) found.push({ bead: place.bead.id, seat: decision.seat });
    else passedOver += 1;
  }
  return found;
}
