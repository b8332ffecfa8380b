import { foreignBurn, hourMs } from './burn.ts';
import type { Need } from './fuel.ts';
import { gaugeAt } from './gauge.ts';
import { type GaugeKind, kindOf, neededFrom } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import type { Gauge } from './tank.ts';

/** What runs on an account beside what is asked for. */
export interface Load {
  /** In a gauge's unit, before its reset; null: of one of them nobody knows. */
  now: number | null;
  /** Within the window after that. */
  next: number;
  count: number;
  /** How long the longest of them still runs. */
  ms: number;
  /** When the first of them is expected to end. */
  firstEnd: Instant;
}

/** A gauge at one instant, and what draws from it. */
export interface Meter {
  readonly gauge: Gauge;
  readonly kind: GaugeKind;
  /** How much of it there is, in its unit; null: nobody knows its size. */
  readonly there: number | null;
  /** Nobody said how large it is. */
  readonly isGuess: boolean;
  /** ms until it is full again; of a rate, over which it is measured. */
  readonly horizon: number;
  /** Fraction a ms that others than Rigs draw. */
  readonly foreign: number;
  readonly load: Load;
}

/** Where nobody knows its size, one session at a time is taken to empty a window in half its length. */
const guessedPart = 2;

export function meterOf(stored: Gauge, at: Instant): Meter {
  const gauge = gaugeAt(stored, at);
  const kind = kindOf(gauge.gauge);
  const { left, capacity, capacityCertainty, resetsAt } = gauge;
  const isRate = kind.refill === 'steadily';
  const until = resetsAt ?? (kind.window === null ? Infinity : at + kind.window);
  return {
    ...{ gauge, kind },
    there: capacity === null ? null : capacity * (isRate ? 1 : left),
    isGuess: capacity === null || capacityCertainty === 'estimated',
    horizon: isRate ? (kind.window ?? 0) : Math.max(0, until - at),
    foreign: isRate ? 0 : foreignBurn(stored) / hourMs,
    load: noLoad(),
  };
}

export function noLoad(): Load {
  return { now: 0, next: 0, count: 0, ms: 0, firstEnd: Infinity };
}

export function addTo(load: Load, share: Share | null, { ms }: Need, at: Instant): void {
  load.now = load.now === null || share === null ? null : load.now + share.now;
  load.next += share?.next ?? 0;
  load.count += 1;
  load.ms = Math.max(load.ms, ms);
  load.firstEnd = Math.min(load.firstEnd, at + ms);
}

/** When there is less load; null: nobody knows. */
export function endOf({ firstEnd }: Load): Instant | null {
  return firstEnd === Infinity ? null : firstEnd;
}

/** What a session draws of a gauge before its reset, and in the window after it. */
interface Share {
  readonly now: number;
  readonly next: number;
}

/**
 * A session draws evenly while it runs; of what is overdue nobody knows that it was not drawn already. Null: nobody knows
 * its price.
 */
export function shareOf({ kind, horizon }: Meter, need: Need, overdue = 0): Share | null {
  const amount = neededFrom(kind, need);
  if (amount === null) return null;
  if (need.ms <= horizon || kind.counts === 'agents') return { now: amount, next: 0 };
  const due = amount * overdue;
  const perMs = (amount - due) / need.ms;
  const later = Math.min(need.ms - horizon, kind.window ?? Infinity);
  return { now: due + perMs * horizon, next: kind.refill === 'atReset' ? perMs * later : 0 };
}

/**
 * The fraction left at the gauge's reset, or when all that runs has ended, with a need beside its load; negative when
 * it runs dry before. Null: nobody can tell.
 */
export function leftWith(meter: Meter, need: Need): number | null {
  const { gauge, kind, there, load, horizon } = meter;
  const busy = Math.max(load.ms, need.ms);
  const foreign = meter.foreign * Math.min(horizon, busy);
  if (there === null || gauge.capacity === null) {
    if (kind.window === null) return null;
    const each = (guessedPart * Math.min(need.ms, horizon)) / kind.window;
    return gauge.left - foreign - each * (load.count + 1);
  }
  const share = shareOf(meter, need);
  if (share === null || load.now === null) return null;
  const after = (there - load.now - share.now) / gauge.capacity - foreign;
  if (after < 0 || share.next + load.next === 0) return after;
  const nextForeign = meter.foreign * Math.min(kind.window ?? Infinity, Math.max(0, busy - horizon));
  // What begins before a reset must be carried by the window after it too.
  const next = 1 - (load.next + share.next) / gauge.capacity - nextForeign;
  return Math.min(after, next);
}

/** From when a need fits: what is left carries it from so long before the reset on. */
export function fitsFrom(meter: Meter, need: Need, at: Instant): Instant | null {
  const { gauge, there, load, kind } = meter;
  const { resetsAt } = gauge;
  const amount = neededFrom(kind, need);
  if (resetsAt === null) return endOf(load);
  if (there === null || load.now === null || amount === null || amount <= 0) return resetsAt;
  const room = Math.max(0, there - load.now - meter.foreign * (gauge.capacity ?? 0) * (resetsAt - at));
  const from = Math.ceil(resetsAt - (need.ms * room) / amount);
  return from > at ? Math.min(from, resetsAt) : resetsAt;
}
