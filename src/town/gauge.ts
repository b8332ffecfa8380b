import type { Instant } from './ids.ts';
import type { Gauge, Tank } from './tank.ts';

/** What a gauge shows at an instant: a window whose reset has passed is full again without anybody saying so. */
export function gaugeAt(gauge: Gauge, at: Instant): Gauge {
  const { resetsAt } = gauge;
  if (resetsAt === null || resetsAt > at) return gauge;
  return { ...gauge, left: 1, resetsAt: null, drawn: 0, samples: [] };
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
