import { hourMs, idleBurn, rounding } from './burn.ts';
import type { Certainty, Gauge, Sample } from './tank.ts';

interface Size {
  readonly capacity: number | null;
  readonly capacityCertainty: Certainty;
}

/** A smaller part of a window says nothing of the whole. */
const smallestPart = 0.03;
/** From this part on what was seen is all that counts. */
const enough = 0.2;
/** Of a drop that Rigs drew something in, at most this is taken for somebody else's. */
const mostForeign = 0.5;
/** An account that said no more after this part of what it was taken for was drawn by others as well. */
const leastAtLimit = 0.1;

/**
 * How large a window is, by what Rigs drew and how far it fell since its first reading. What the person draws
 * themselves is taken off as far as it showed while Rigs drew nothing.
 */
export function calibrated(samples: readonly Sample[], before: Gauge | null): Size {
  const known: Size = {
    capacity: before?.capacity ?? null,
    capacityCertainty: before?.capacityCertainty ?? 'estimated',
  };
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || known.capacityCertainty === 'measured') return known;
  if (first === last) return last.left > 0 || before === null ? known : atLimit(before, known);
  const ours = last.drawn - first.drawn;
  const fell = first.left - last.left;
  if (ours <= 0) return known;
  if (fell < smallestPart) return atLeast(ours / (Math.max(0, fell) + rounding), known);
  const foreign = (idleBurn(samples) * (last.at - first.at)) / hourMs;
  const seen = ours / Math.max(fell - foreign, fell * (1 - mostForeign));
  return { capacity: mixed(known.capacity, seen, Math.min(1, fell / enough)), capacityCertainty: 'counted' };
}

/** So much was drawn without the window moving that it must be larger than it was taken for. */
function atLeast(bound: number, known: Size): Size {
  const isTooSmall =
    known.capacity !== null && known.capacityCertainty === 'estimated' && bound > known.capacity;
  return isTooSmall ? { ...known, capacity: Math.round(bound) } : known;
}

/** It was never measured, and said no more: it holds what was drawn from it. */
function atLimit({ drawn }: Gauge, known: Size): Size {
  if (drawn <= 0 || (known.capacity !== null && drawn < known.capacity * leastAtLimit)) return known;
  return { capacity: drawn, capacityCertainty: 'counted' };
}

function mixed(before: number | null, seen: number, weight: number): number {
  if (before === null || before <= 0) return Math.max(1, Math.round(seen));
  return Math.max(1, Math.round(Math.exp(Math.log(before) * (1 - weight) + Math.log(seen) * weight)));
}
