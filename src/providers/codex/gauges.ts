import type { Reading, ReadingSource } from '../../town/tank.ts';
import { fieldsOf, numberOf } from './json.ts';

/** By their length in minutes, because which of them stands first is not fixed. */
const windows: Readonly<Record<number, string>> = { 300: '5h', 10080: 'weekly' };

/** A window as Codex tells of it; `resets` in s. None where it says too little. */
export function windowReading(
  {
    percent,
    minutes,
    resets,
  }: { readonly percent: number | null; readonly minutes: number | null; readonly resets: number | null },
  source: ReadingSource,
): readonly Reading[] {
  if (percent === null || minutes === null) return [];
  return [
    {
      gauge: windows[minutes] ?? `${String(minutes)}m`,
      model: null,
      used: Math.min(1, Math.max(0, percent / 100)),
      capacity: null,
      resetsAt: resets === null ? null : resets * 1000,
      source,
    },
  ];
}

/** The windows of a `rate_limits`; accounts without any have none. */
export function gaugesIn(rateLimits: unknown): readonly Reading[] {
  const { primary, secondary } = fieldsOf(rateLimits);
  return [primary, secondary].flatMap((one) => {
    const { used_percent, window_minutes, resets_at } = fieldsOf(one);
    return windowReading(
      { percent: numberOf(used_percent), minutes: numberOf(window_minutes), resets: numberOf(resets_at) },
      'rollout',
    );
  });
}

/** When an account gives again that has reached its limit: all its full windows must have ended. */
export function givesAgain(gauges: Iterable<Reading>): number | null {
  const full = [...gauges].filter(({ used }) => (used ?? 0) >= 1).map(({ resetsAt }) => resetsAt);
  const known = full.filter((one) => one !== null);
  return known.length === 0 ? null : Math.max(...known);
}
