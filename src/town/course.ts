import { hourMs } from './burn.ts';
import { type Forecast, edge } from './forecast.ts';
import { gaugeAt } from './gauge.ts';
import { kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import type { Gauge } from './tank.ts';

/** What was left at an instant, as a fraction. */
export interface Left {
  readonly at: Instant;
  readonly left: number;
}

/** What will be left if it goes on so: four courses in five lie between `least` and `most`. */
export interface Expected {
  readonly at: Instant;
  readonly least: number;
  readonly likely: number;
  readonly most: number;
}

/** A gauge over time, as straight lines between points; both the oldest first. */
export interface Course {
  /** Since its last reset; the last point is now. */
  readonly past: readonly Left[];
  /** From now to its reset, or until it is dry; empty: nobody can tell. */
  readonly ahead: readonly Expected[];
}

/** Something is known of a gauge beside its preset. */
export function isHeard({ source, drawn }: Gauge): boolean {
  return source !== 'preset' || drawn > 0;
}

/** Null: it fills up all the time, so it is another one a minute later, or nothing but a preset is known of it. */
export function courseOf(told: Gauge, forecast: Forecast | null, at: Instant): Course | null {
  if (kindOf(told.gauge).refill === 'steadily' || !isHeard(told)) return null;
  const gauge = gaugeAt(told, at);
  return { past: pastOf(gauge, at), ahead: forecast === null ? [] : aheadOf(gauge, forecast, at) };
}

function pastOf({ samples, capacity, drawn, left, at: since }: Gauge, at: Instant): readonly Left[] {
  const told = samples.filter((one) => one.at < at).map((one) => ({ at: one.at, left: fraction(one.left) }));
  // Nobody but Rigs told of it: it drew evenly, as far as anybody knows.
  const counted = told.length === 0 && drawn > 0 && capacity !== null && since < at;
  const before = counted ? [{ at: since, left: fraction(left + drawn / Math.max(1, capacity)) }] : told;
  return [...before, { at, left: fraction(left) }];
}

/** A balance that was filled up a little is a little more than the whole. */
function fraction(left: number): number {
  return Math.min(1, Math.max(0, left));
}

function aheadOf(
  { left, resetsAt }: Gauge,
  { burn, spread, dryAt }: Forecast,
  at: Instant,
): readonly Expected[] {
  const slowest = Math.max(0, burn - edge * spread);
  const until = resetsAt ?? dryAt?.likely ?? dryAt?.earliest ?? null;
  if (until === null || until <= at) return [];
  const bends = [dryAt?.earliest, dryAt?.likely, slowest > 0 ? at + (left / slowest) * hourMs : null];
  const instants = [at, ...bends, until].filter((one) => one != null);
  const after = (hours: number, perHour: number): number => fraction(left - perHour * hours);
  return (
    instants
      .filter((one) => one >= at && one <= until)
      // A vendor's reset may be told in parts of a second.
      .map(Math.round)
      .toSorted((a, b) => a - b)
      .filter((one, index, all) => one !== all[index - 1])
      .map((one) => {
        const hours = (one - at) / hourMs;
        const least = after(hours, burn + edge * spread);
        return { at: one, least, likely: after(hours, burn), most: after(hours, slowest) };
      })
  );
}
