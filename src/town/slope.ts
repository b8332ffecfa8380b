import { hourMs, rounding } from './burn.ts';
import type { Sample } from './tank.ts';

/** A line through what was read: how `left` changes by the hour, and the standard error of that. */
export interface Slope {
  readonly perHour: number;
  readonly error: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** What was read this part of all the time ago counts half. */
const halfPart = 0.2;
/** A reading that is off the line by more than this many usual errors counts less each round. */
const nearErrors = 1.5;
const rounds = 5;

/**
 * Weighted towards the recent; readings far off do not tilt it, and the steps of whole percents are part of its error.
 * Null: fewer than three readings, or all at one instant.
 */
export function slopeOf(samples: readonly Sample[]): Slope | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 3 || last.at <= first.at) return null;
  const half = (last.at - first.at) * halfPart;
  let points = samples.map(({ at, left }): Point => {
    return { x: (at - last.at) / hourMs, y: left, weight: 2 ** ((at - last.at) / half) };
  });
  const own = points.map(({ weight }) => weight);
  for (let round = 1; round < rounds; round += 1) {
    const { perHour, middle } = lineThrough(points);
    const off = points.map(({ x, y }) => Math.abs(y - middle.y - perHour * (x - middle.x)));
    const near = nearErrors * Math.max(rounding / 2, 1.4826 * median(off));
    points = points.map((point, index) => {
      return { ...point, weight: (own[index] ?? 0) * (near / Math.max(off[index] ?? 0, near)) };
    });
  }
  const { perHour, error } = lineThrough(points);
  return Number.isFinite(perHour) && Number.isFinite(error) ? { perHour, error } : null;
}

/** Weighted least squares. */
function lineThrough(points: readonly Point[]): Slope & { readonly middle: Pick<Point, 'x' | 'y'> } {
  const sum = (of: (point: Point) => number): number =>
    points.reduce((total, point) => total + point.weight * of(point), 0);
  const all = sum(() => 1);
  const middle = { x: sum(({ x }) => x) / all, y: sum(({ y }) => y) / all };
  const width = sum(({ x }) => (x - middle.x) ** 2);
  const perHour = sum(({ x, y }) => (x - middle.x) * (y - middle.y)) / width;
  const variance =
    sum(({ x, y }) => (y - middle.y - perHour * (x - middle.x)) ** 2) / all + rounding ** 2 / 12;
  const leverage = sum(({ x, weight }) => weight * (x - middle.x) ** 2);
  return { perHour, error: Math.sqrt(variance * leverage) / width, middle };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
