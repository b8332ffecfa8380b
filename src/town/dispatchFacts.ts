import type { Fuel } from './fuel.ts';
import type { Seat } from './polecat.ts';
import type { Routing } from './routing.ts';

export interface DispatchFacts {
  /** In configured order. */
  readonly seats: readonly Seat[];
  readonly maxPolecats: number;
  /** Absent: nobody counts. */
  readonly person?: PersonPlaces;
  /** Absent: nothing is known of any account; then the first seat that fits is taken. */
  readonly fuel?: Fuel;
  /** Absent: `defaultRouting`. */
  readonly routing?: Routing;
  /** USD a fresh token, by `provider model`; what is not in it is not known. */
  readonly prices?: Readonly<Record<string, number>>;
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
