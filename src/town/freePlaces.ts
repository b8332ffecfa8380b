import type { Bead } from './bead.ts';
import type { DispatchFacts } from './dispatchFacts.ts';
import type { Instant } from './ids.ts';
import { type Polecat, type Seat, takesSlot } from './polecat.ts';
import { type Reason, reason } from './reason.ts';

/** Polecats that came back for a revision or a resume go before new beads, so they are counted out first. */
export function freeSlots(polecats: Iterable<Polecat>, maxPolecats: number): number {
  let taken = 0;
  for (const one of polecats) if (takesSlot(one)) taken += 1;
  return maxPolecats - taken;
}

/** Tanks that an agent found empty, with the instant of their reset. */
export function limitsOf(polecats: Iterable<Polecat>, at: Instant): ReadonlyMap<string, Instant> {
  const limits = new Map<string, Instant>();
  for (const { limit } of polecats) {
    if (limit !== null && limit.alone !== true && limit.until > at)
      limits.set(limit.tank, Math.max(limit.until, limits.get(limit.tank) ?? 0));
  }
  return limits;
}

/** Why a person's other rigs leave no place here. */
export function noPlaceLeft({ person }: DispatchFacts): Reason {
  const { max = 0, holders = [], problem = null } = person ?? {};
  if (problem !== null) return reason('account_unreadable', { message: problem });
  return reason('no_place_left', { max, rigs: holders });
}

/** Where nothing is known of accounts. */
export function chooseSeat(bead: Bead, seats: readonly Seat[]): Seat | null {
  return seats.find((seat) => seat.provider === bead.preferredProvider) ?? seats[0] ?? null;
}
