import { calibrated } from './calibrate.ts';
import { kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import type { Gauge, Reading, ReadingSource, Sample, Tank } from './tank.ts';

const minute = 60_000;
/** The most that is kept of a window; older ones are thinned. */
const mostSamples = 64;
/** More left than before is another window, or one that was filled up. */
const risen = 0.02;
/** Vendors work resets out anew each time. */
const sameReset = 5 * minute;
/** Sessions that stand still go on telling what they heard last. */
const staleMs = 10 * minute;
const mayBeStale: readonly ReadingSource[] = ['statusLine', 'rollout', 'telemetry'];
/** Nobody said when it gives again: then it is tried again. */
const tryAgainMs = 60 * minute;

/** What a gauge shows at an instant: a window whose reset has passed is full again without anybody saying so. */
export function gaugeAt(gauge: Gauge, at: Instant): Gauge {
  const { refill, window } = kindOf(gauge.gauge);
  if (refill === 'steadily' && window !== null && gauge.source !== 'limitError') {
    const fullAt = gauge.resetsAt ?? gauge.at + window;
    const part = Math.max(0, at - gauge.at) / Math.max(1, fullAt - gauge.at);
    return part >= 1 ? full(gauge) : { ...gauge, left: gauge.left + (1 - gauge.left) * part };
  }
  const resetsAt = gauge.resetsAt ?? (window === null || gauge.left >= 1 ? null : gauge.at + window);
  return resetsAt === null || resetsAt > at ? gauge : full(gauge);
}

function full(gauge: Gauge): Gauge {
  const certainty = gauge.certainty === 'measured' ? 'counted' : gauge.certainty;
  return { ...gauge, left: 1, resetsAt: null, drawn: 0, samples: [], certainty };
}

/** All gauges of a tank as they show at an instant. */
export function gaugesAt(tank: Tank, at: Instant): readonly Gauge[] {
  return Object.values(tank.gauges).map((gauge) => gaugeAt(gauge, at));
}

/** The gauge that decides a tank's level: the one with the smallest fraction left. Null: it has none. */
export function lowestOf(tank: Tank, at: Instant): Gauge | null {
  return gaugesAt(tank, at).reduce<Gauge | null>(
    (lowest, one) => (lowest === null || one.left < lowest.left ? one : lowest),
    null,
  );
}

/** Rigs drew from it. The first that draws from a full window begins it. */
export function drawn(gauge: Gauge, amount: number, at: Instant): Gauge {
  const now = gaugeAt(gauge, at);
  const { window, refill } = kindOf(gauge.gauge);
  const left = now.capacity === null ? now.left : Math.max(0, now.left - amount / Math.max(1, now.capacity));
  if (refill === 'steadily') return { ...now, left, drawn: now.drawn + amount, at, resetsAt: null };
  const resetsAt = now.resetsAt ?? (window === null ? null : at + window);
  // A window that began by itself is told of by nobody yet.
  const since = now.resetsAt === null && now !== gauge ? { at } : {};
  return { ...now, ...since, left, drawn: now.drawn + amount, resetsAt };
}

/** A vendor told of it; `before` null: for the first time. The same gauge: what was told is old. */
export function told(before: Gauge | null, reading: Reading, at: Instant): Gauge {
  const now = before === null ? null : gaugeAt(before, at);
  if (before !== null && now !== null && isStale(now, reading, at)) return before;
  const { gauge, model, source } = reading;
  const { refill, counts } = kindOf(gauge);
  if (counts === 'money' && refill === 'never') return stock(now, reading, at);
  const left = reading.used === null ? (now?.left ?? 1) : 1 - reading.used;
  const resetsAt = reading.resetsAt ?? (reading.used === null ? (now?.resetsAt ?? null) : null);
  const samples = refill === 'steadily' ? [] : sampled(now, left, at);
  const size =
    reading.capacity === null
      ? calibrated(samples, now)
      : ({ capacity: reading.capacity, capacityCertainty: 'measured' } as const);
  return { gauge, model, left, ...size, resetsAt, certainty: 'measured', source, at, drawn: 0, samples };
}

/** Money: what is there was told, and what was there when it was last filled up is the whole. */
function stock(now: Gauge | null, reading: Reading, at: Instant): Gauge {
  const { gauge, model, source, resetsAt, used } = reading;
  const before = now?.capacity ?? null;
  const there = reading.capacity === null ? null : reading.capacity * (1 - (used ?? 0));
  const isFilled = there !== null && (before === null || there > before * (now?.left ?? 0) * (1 + risen));
  const capacity = isFilled ? there : before;
  const part = there === null || capacity === null || capacity === 0 ? 1 - (used ?? 1) : there / capacity;
  const left = there === 0 ? 0 : part;
  const samples = sampled(isFilled ? null : now, left, at);
  return {
    ...{ gauge, model, left, capacity, capacityCertainty: 'measured', resetsAt },
    ...{ certainty: 'measured', source, at, drawn: 0, samples },
  };
}

/** It said no more before an instant. */
export function emptied(before: Gauge, until: Instant | null, at: Instant): Gauge {
  const now = gaugeAt(before, at);
  const { window, refill } = kindOf(now.gauge);
  const samples = refill === 'steadily' ? [] : sampled(now, 0, at);
  const resetsAt = until ?? now.resetsAt ?? at + Math.min(window ?? tryAgainMs, tryAgainMs);
  const size = refill === 'atReset' ? calibrated(samples, now) : {};
  return {
    ...now,
    ...size,
    left: 0,
    resetsAt,
    certainty: 'measured',
    source: 'limitError',
    at,
    drawn: 0,
    samples,
  };
}

function isStale(now: Gauge, { used, resetsAt, source }: Reading, at: Instant): boolean {
  if (used === null || resetsAt === null || now.resetsAt === null || !mayBeStale.includes(source))
    return false;
  const isSameWindow = Math.abs(resetsAt - now.resetsAt) <= sameReset;
  return isSameWindow && 1 - used > lastTold(now) && at - now.at < staleMs;
}

function lastTold({ samples, left }: Gauge): number {
  return samples.at(-1)?.left ?? left;
}

function sampled(now: Gauge | null, left: number, at: Instant): readonly Sample[] {
  const last = now?.samples.at(-1);
  if (now === null || last === undefined || left > last.left + risen || at < last.at)
    return [{ at, left, drawn: 0 }];
  const next = { at, left, drawn: last.drawn + now.drawn };
  const kept = at === last.at ? now.samples.slice(0, -1) : now.samples;
  return thinned([...kept, next]);
}

/** Of the older half every other one goes; the first stays, where the window was measured from. */
function thinned(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= mostSamples) return samples;
  return samples.filter((_, index) => index >= mostSamples / 2 || index % 2 === 0);
}
