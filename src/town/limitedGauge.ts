import { gaugeAt } from './gauge.ts';
import { kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import { isInWindows } from './presets.ts';
import { type Gauge, type Tank, gaugeKey } from './tank.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A reset that lies this near is the one that is meant. */
const near = 10 * minute;

/** Which limit is meant by how long it lasts, where nothing is known of the account. */
const byWait: readonly (readonly [number, string])[] = [
  [2 * minute, 'requests/min'],
  [5.1 * hour, '5h'],
  [25 * hour, 'tokens/day'],
  [8 * 24 * hour, 'weekly'],
];
const longer = 'spend';
/** Only subscriptions are counted in these. */
const windows: readonly string[] = ['5h', 'weekly'];

interface Limited {
  readonly gauge: string | null;
  readonly model: string | null;
  readonly until: Instant | null;
}

/** The gauge that a limit error speaks of; a new one where the account had none like it. */
export function limitedGauge(tank: Tank, { gauge, model, until }: Limited, at: Instant): Gauge {
  const name = gauge ?? guessed(tank, model, until, at);
  return tank.gauges[gaugeKey(name, model)] ?? tank.gauges[name] ?? unheard(name, model, at);
}

function guessed(tank: Tank, model: string | null, until: Instant | null, at: Instant): string {
  const known = Object.values(tank.gauges)
    .filter((one) => one.model === null || one.model === model)
    .map((one) => gaugeAt(one, at))
    .filter((one) => kindOf(one.gauge).refill === 'atReset')
    .toSorted((a, b) => a.left - b.left);
  if (until === null) return known[0]?.gauge ?? (isInWindows(tank) ? '5h' : 'tokens/day');
  const wait = until - at;
  const [least] = byWait;
  if (least !== undefined && wait <= least[0]) return least[1];
  const meant = known.find(({ resetsAt }) => resetsAt !== null && Math.abs(resetsAt - until) <= near);
  if (meant !== undefined) return meant.gauge;
  const fitting = known
    .map((one) => [kindOf(one.gauge).window ?? Infinity, one.gauge] as const)
    .filter(([window]) => window + near >= wait)
    .toSorted(([a], [b]) => a - b);
  const names = byWait.filter(([, name]) => isInWindows(tank) || !windows.includes(name));
  return fitting[0]?.[1] ?? names.find(([most]) => wait <= most)?.[1] ?? longer;
}

function unheard(gauge: string, model: string | null, at: Instant): Gauge {
  return {
    ...{ gauge, model, left: 1, capacity: null, capacityCertainty: 'estimated', resetsAt: null },
    ...{ certainty: 'estimated', source: 'count', at, drawn: 0, samples: [] },
  };
}
