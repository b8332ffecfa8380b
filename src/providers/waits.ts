import type { Instant } from '../town/ids.ts';
import type { Reading } from '../town/tank.ts';

/** Less than this between two clocks is the answer's way, and `date` has whole seconds. */
const skewMs = 5_000;

/** Until when the vendor asks to wait, in UTC ms; resets of limits that were not reached say nothing about that. */
export function askedToWait(headers: Headers, now: Instant): Instant | null {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return now + ms;
  const after = headers.get('retry-after') ?? '';
  if (/^\d+(\.\d+)?$/.test(after)) return now + Number(after) * 1000;
  return instantOf(after, headers, now);
}

/**
 * When a limit that was reached lets one ask again, in UTC ms; null when the vendor does not say. Limits hold together,
 * so the latest one counts; those of a minute only where no wait is named, because their resets tell when all of it is
 * back.
 */
export function limitEnds(told: readonly Reading[], headers: Headers, now: Instant): Instant | null {
  const asked = askedToWait(headers, now);
  const ends = told
    .filter(({ used, gauge }) => used !== null && used >= 1 && (asked === null || !gauge.endsWith('/min')))
    .flatMap(({ resetsAt }) => (resetsAt === null ? [] : [resetsAt]));
  const last = Math.max(asked ?? -Infinity, ...ends);
  return Number.isFinite(last) ? last : null;
}

/**
 * Epoch seconds (subscriptions), RFC 3339 (APIs) or an HTTP date, by the vendor's clock, which is not always ours: the
 * answer's own date tells how far they are apart.
 */
export function instantOf(value: string, headers: Headers, now: Instant): Instant | null {
  const at = /^\d{9,11}$/.test(value)
    ? Number(value) * 1000
    : /[a-z:]/i.test(value)
      ? Date.parse(value)
      : NaN;
  if (Number.isNaN(at)) return null;
  const ahead = Date.parse(headers.get('date') ?? '') - now;
  return Math.abs(ahead) > skewMs ? at - ahead : at;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6m0s`, `37.4s`, `12ms` as Go writes durations; null for what is none. */
export function durationMs(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|d|h|m|s))+$/.test(text)) return null;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0),
    0,
  );
}
