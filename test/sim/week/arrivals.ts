import { type BeadType, type Priority, beadTypes } from '../../../src/town/bead.ts';
import { Random } from '../random.ts';
import { type Scenario, day, hour, week } from './scenario.ts';

/** A bead that will be asked for. */
export interface Arriving {
  readonly type: BeadType;
  readonly priority: Priority;
  /** What the planner says of its size; null: nothing. */
  readonly estimate: number | null;
  /** Tokens it takes somebody who does this type perfectly. */
  readonly size: number;
  /** Positions before it in its goal. */
  readonly after: readonly number[];
}

export interface Goal {
  readonly at: number;
  readonly beads: readonly Arriving[];
}

const medians: Readonly<Record<BeadType, number>> = {
  implementation: 65_000,
  review: 25_000,
  research: 45_000,
  refactor: 60_000,
  test: 50_000,
  documentation: 25_000,
  debug: 55_000,
  design: 30_000,
};

const types = {
  implementation: 35,
  test: 18,
  debug: 12,
  refactor: 10,
  documentation: 10,
  review: 6,
  research: 6,
  design: 3,
} as const satisfies Readonly<Record<BeadType, number>>;
const priorities = { critical: 5, high: 20, normal: 60, low: 15 } as const satisfies Readonly<
  Record<Priority, number>
>;

/** All that is asked for in a week; most of it in working hours, some of it left for the night. */
export function arrivals({ goals }: Scenario, seed: number): readonly Goal[] {
  const draw = new Random(seed, 'week arrivals');
  const leaning = Object.fromEntries(
    beadTypes.map((type) => [type, Math.exp(0.25 * normal(draw))]),
  ) as Record<BeadType, number>;
  return Array.from({ length: goals }, () => {
    const at = draw.below(7) * day + (draw.chance(80) ? 9 * hour + draw.below(9 * hour) : draw.below(day));
    const priority = draw.weighed(priorities);
    const beads = Array.from({ length: draw.between(3, 7) }, (_, n): Arriving => {
      const type = draw.weighed(types);
      const size = Math.round(medians[type] * leaning[type] * Math.exp(0.65 * normal(draw)));
      const estimate = draw.chance(50) ? Math.round(size * Math.exp(0.5 * normal(draw))) : null;
      return { type, priority, estimate, size, after: n > 0 && draw.chance(40) ? [draw.below(n)] : [] };
    });
    return { at, beads };
  })
    .filter(({ at }) => at < week)
    .sort((a, b) => a.at - b.at);
}

/** Of a standard normal distribution. */
export function normal(draw: Random): number {
  const unit = (): number => (draw.next() + 1) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}
