import type { Sighting } from '../../ports/agents.ts';
import { fieldsOf, numberOf } from './json.ts';

export type Gauge = Extract<Sighting, { kind: 'gauge' }>;

/** By their length in minutes, because which of them stands first is not fixed. */
const windows: Readonly<Record<number, string>> = { 300: '5h', 10080: 'weekly' };

/** The windows of a `rate_limits`; accounts without any have none. */
export function gaugesIn(rateLimits: unknown): readonly Gauge[] {
  const { primary, secondary } = fieldsOf(rateLimits);
  return [primary, secondary].flatMap((one): readonly Gauge[] => {
    const { used_percent, window_minutes, resets_at } = fieldsOf(one);
    const [used, minutes, resets] = [numberOf(used_percent), numberOf(window_minutes), numberOf(resets_at)];
    if (used === null || minutes === null) return [];
    return [
      {
        kind: 'gauge',
        window: windows[minutes] ?? `${String(minutes)}m`,
        used: Math.min(1, Math.max(0, used / 100)),
        resetsAt: resets === null ? null : resets * 1000,
      },
    ];
  });
}

/** When an account gives again that has reached its limit: all its full windows must have ended. */
export function givesAgain(gauges: Iterable<Gauge>): number | null {
  const full = [...gauges].filter(({ used }) => used >= 1).map(({ resetsAt }) => resetsAt);
  const known = full.filter((one) => one !== null);
  return known.length === 0 ? null : Math.max(...known);
}
