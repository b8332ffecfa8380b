import type { Instant } from './ids.ts';
import type { Gauge } from './tank.ts';

/** How a gauge goes on if it goes on as it does. */
export interface Forecast {
  /** Fraction of the whole an hour, by whomever. */
  readonly burn: number;
  /** Of the burn: one standard deviation. */
  readonly spread: number;
  /** Null: not before its reset. `likely` is null where only a burn at the edge of what is likely empties it. */
  readonly dryAt: { readonly earliest: Instant; readonly likely: Instant | null } | null;
  /** Fraction; null where nobody knows of a reset. */
  readonly leftAtReset: number | null;
}

/** Null: too little was heard of it to tell. */
export function forecastOf(_gauge: Gauge, _at: Instant): Forecast | null {
  return null;
}
