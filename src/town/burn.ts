import type { Gauge, Sample } from './tank.ts';

export const hourMs = 3_600_000;
/** What was read last says most of what comes next: after a third of what was seen, half as much. */
const halves = 3;
/** Vendors round to whole percents. */
export const rounding = 0.01;

/** What happened between two readings. */
interface Span {
  readonly hours: number;
  readonly drop: number;
  readonly drawn: number;
  /** How much it counts for what comes next. */
  readonly weight: number;
}

function spansOf(samples: readonly Sample[]): readonly Span[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const half = Math.max(1, (last.at - first.at) / halves);
  return samples.slice(1).flatMap((to, index): readonly Span[] => {
    const from = samples[index];
    if (from === undefined || to.at <= from.at) return [];
    const weight = 2 ** ((to.at - last.at) / half);
    return [
      {
        hours: (to.at - from.at) / hourMs,
        drop: from.left - to.left,
        drawn: Math.max(0, to.drawn - from.drawn),
        weight,
      },
    ];
  });
}

/** Fraction an hour that goes while Rigs draws nothing: the person's own use. 0 where that was never seen. */
export function idleBurn(samples: readonly Sample[]): number {
  const idle = spansOf(samples).filter(({ drawn }) => drawn === 0);
  return rateOf(idle.map((span) => ({ ...span, gone: span.drop })));
}

const burns = new WeakMap<Gauge, number>();

/** Fraction an hour that others than Rigs draw, by what was read. A gauge never changes, so it is worked out once. */
export function foreignBurn(gauge: Gauge): number {
  const known = burns.get(gauge);
  if (known !== undefined) return known;
  const { capacity, capacityCertainty, samples } = gauge;
  const isKnown = capacity !== null && capacity > 0 && capacityCertainty !== 'estimated';
  const burn = isKnown
    ? rateOf(spansOf(samples).map((span) => ({ ...span, gone: span.drop - span.drawn / capacity })))
    : idleBurn(samples);
  burns.set(gauge, burn);
  return burn;
}

function rateOf(spans: readonly (Span & { readonly gone: number })[]): number {
  let [gone, hours, seen] = [0, 0, 0];
  for (const span of spans) {
    gone += span.weight * span.gone;
    hours += span.weight * span.hours;
    seen += span.gone;
  }
  // Less than what rounding makes of nothing is nothing.
  return hours > 0 && seen > rounding ? Math.max(0, gone / hours) : 0;
}
