import type { Bead } from './bead.ts';
import type { Fuel } from './fuel.ts';
import type { BeadId, Instant } from './ids.ts';
import { type Seat, takesSlot } from './polecat.ts';
import { beforeInDepot, notReady } from './ready.ts';
import { type Reason, reason } from './reason.ts';
import type { Routing } from './routing.ts';
import type { RigState } from './state.ts';

export interface DispatchFacts {
  /** In configured order; the first that fits is taken until tanks decide. */
  readonly seats: readonly Seat[];
  readonly maxPolecats: number;
  /** Absent: nobody counts. */
  readonly person?: PersonPlaces;
  /** Absent: nothing is known of any account. */
  readonly fuel?: Fuel;
  /** Absent: `defaultRouting`. */
  readonly routing?: Routing;
}

/** What is left of the places a person gives to agents, over all their rigs and windows. */
export interface PersonPlaces {
  readonly max: number;
  readonly left: number;
  /** Rigs whose agents have places, most first. */
  readonly holders: readonly string[];
  /** Why it could not be told; then none is left. */
  readonly problem: string | null;
}

/** For every queued bead: the seat it starts in now, or why it waits. */
export type Assignment =
  { readonly bead: BeadId; readonly seat: Seat } | { readonly bead: BeadId; readonly wait: Reason };

/** `at`: now, by which limits end; 0: they all still hold. */
export function dispatch(state: RigState, facts: DispatchFacts, at: Instant): readonly Assignment[] {
  let free = freeSlots(state, facts.maxPolecats);
  let left = facts.person?.left ?? Infinity;
  const limits = limitsOf(state, at);
  const open = facts.seats.filter((one) => !limits.has(one.tank));
  return Object.values(state.beads)
    .filter((bead) => bead.status === 'queued')
    .sort(beforeInDepot)
    .map((bead) => {
      const wait = notReady(state, bead);
      if (wait !== null) return { bead: bead.id, wait };
      const seat = chooseSeat(bead, open);
      if (seat === null) return { bead: bead.id, wait: noSeat(limits, facts) };
      if (free <= 0) return { bead: bead.id, wait: reason('no_free_slot', { max: facts.maxPolecats }) };
      if (left <= 0) return { bead: bead.id, wait: noPlaceLeft(facts) };
      free -= 1;
      left -= 1;
      return { bead: bead.id, seat };
    });
}

/** Tanks that an agent found empty, with the instant of their reset. */
export function limitsOf(state: RigState, at: Instant): ReadonlyMap<string, Instant> {
  const limits = new Map<string, Instant>();
  for (const { limit } of Object.values(state.polecats)) {
    if (limit !== null && limit.alone !== true && limit.until > at)
      limits.set(limit.tank, Math.max(limit.until, limits.get(limit.tank) ?? 0));
  }
  return limits;
}

function noSeat(limits: ReadonlyMap<string, Instant>, facts: DispatchFacts): Reason {
  const until = [...limits].filter(([tank]) => facts.seats.some((one) => one.tank === tank));
  if (until.length === 0) return reason('no_seat');
  return reason('agent_limited', { until: Math.min(...until.map(([, at]) => at)), detail: null });
}

/** Why a person's other rigs leave no place here. */
export function noPlaceLeft({ person }: DispatchFacts): Reason {
  const { max = 0, holders = [], problem = null } = person ?? {};
  if (problem !== null) return reason('account_unreadable', { message: problem });
  return reason('no_place_left', { max, rigs: holders });
}

/** Polecats that came back for a revision or a resume go before new beads, so they are counted out first. */
export function freeSlots(state: RigState, maxPolecats: number): number {
  return maxPolecats - Object.values(state.polecats).filter(takesSlot).length;
}

export function chooseSeat(bead: Bead, seats: readonly Seat[]): Seat | null {
  return seats.find((seat) => seat.provider === bead.preferredProvider) ?? seats[0] ?? null;
}
