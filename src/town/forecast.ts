import { hourMs } from './burn.ts';
import { gaugeAt } from './gauge.ts';
import { kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import { slopeOf } from './slope.ts';
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

/** Standard deviations: nine burns in ten are lower. */
export const edge = 1.28;
/** Beyond that nothing that was read in a window says anything. */
const farthestMs = 60 * 24 * hourMs;

/** Null: too little was heard of it in this window to tell, or it fills up all the time. */
export function forecastOf(gauge: Gauge, at: Instant): Forecast | null {
  const now = gaugeAt(gauge, at);
  const slope = slopeOf(pointsOf(now, at));
  if (slope === null || kindOf(now.gauge).refill === 'steadily') return null;
  const burn = Math.max(0, -slope.perHour);
  const until = now.resetsAt ?? at + farthestMs;
  const dry = (perHour: number): Instant | null => {
    if (now.left <= 0) return at;
    const when = perHour > 0 ? at + (now.left / perHour) * hourMs : Infinity;
    return when < until ? Math.round(when) : null;
  };
  const earliest = dry(burn + edge * slope.error);
  return {
    burn,
    spread: slope.error,
    dryAt: earliest === null ? null : { earliest, likely: dry(burn) },
    leftAtReset: now.resetsAt === null ? null : Math.max(0, now.left - (burn * (now.resetsAt - at)) / hourMs),
  };
}

/** What was drawn since the last reading is a reading of ours. */
function pointsOf({ samples, drawn, left }: Gauge, at: Instant): Gauge['samples'] {
  const last = samples.at(-1);
  if (last === undefined || drawn <= 0 || left >= last.left || at <= last.at) return samples;
  return [...samples, { at, left, drawn: last.drawn + drawn }];
}
