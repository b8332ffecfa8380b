import { type GaugeKind, gaugeName, kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import type { Reading } from './tank.ts';

const hour = 3_600_000;
const year = 366 * 24 * hour;
/** No limit of anybody's is larger; vendors write the largest number there is for none. */
const hugest = 1e15;
const longestModel = 100;

/**
 * A reading that does no harm, whatever the vendor or its file said; null: nothing of it can be used. One whose reset
 * has passed tells of a window that is over.
 */
export function tidyReading(reading: Reading, at: Instant): Reading | null {
  const gauge = gaugeName(reading.gauge);
  if (gauge === null) return null;
  const kind = kindOf(gauge);
  const model = reading.model === '' ? null : reading.model;
  if (model !== null && model.length > longestModel) return null;
  const resetsAt = finite(reading.resetsAt);
  if (resetsAt !== null && resetsAt <= at) return null;
  const used = fraction(reading.used);
  const capacity = capacityOf(reading.capacity, kind);
  if (used === null && capacity === null) return null;
  return { ...reading, gauge, model, used, capacity, resetsAt: notTooFar(resetsAt, kind, at) };
}

/** Fractions remaining, of a person's word as of a vendor's. */
export function fraction(value: number | null): number | null {
  const number = finite(value);
  return number === null ? null : Math.min(1, Math.max(0, number));
}

/** A window resets within its own length; a reset beyond that is a clock that was set. */
function notTooFar(resetsAt: Instant | null, { window }: GaugeKind, at: Instant): Instant | null {
  if (resetsAt === null) return null;
  if (window === null) return resetsAt <= at + year ? resetsAt : null;
  // Daylight saving and clocks that differ a little.
  return resetsAt <= at + window + hour ? resetsAt : at + window;
}

function capacityOf(value: number | null, { unit }: GaugeKind): number | null {
  const number = finite(value);
  if (number === null || number > hugest) return null;
  // A balance may be used up, and more than that; a window of nothing is no window.
  if (unit === 'usd') return Math.max(0, number);
  return number > 0 ? number : null;
}

function finite(value: number | null): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
