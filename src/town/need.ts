import { type Bead, type BeadType, type Usage, totalUsage } from './bead.ts';
import { type Learned, type Need, type Sizes, learnedKey } from './fuel.ts';
import type { Seat } from './polecat.ts';

/** Tokens a bead is expected to draw: in half of all cases at most `p50`, in four of five at most `p80`. */
export interface Size {
  readonly p50: number;
  readonly p80: number;
}

/** What is believed of the natural logarithm of a size: normal, its mean and spread known as well as `weight` beads tell. */
interface Belief {
  readonly mean: number;
  readonly variance: number;
  /** Beads' worth of evidence for the mean, and for the variance. */
  readonly weight: number;
  readonly freedom: number;
}

/** Medians in fresh tokens before anything was learned; order of magnitude of agents' own transcripts, not a measurement. */
const typical: Readonly<Record<BeadType, number>> = {
  implementation: 60_000,
  refactor: 70_000,
  debug: 60_000,
  test: 45_000,
  research: 40_000,
  design: 35_000,
  review: 30_000,
  documentation: 25_000,
};

/** One bead in six takes more than twice the median, or less than half. */
const priorVariance = 0.5;
/** Beads that must have ended before what they took counts as much as what was believed before. */
const priorWeight = 4;
const priorFreedom = 6;
/** A planner's estimate is within a factor of 1.8 two times in three. */
const estimateVariance = 0.36;
/** 80th percentile of the standard normal distribution. */
const z80 = 0.8416;

/** Agents send what a tool found and get a next step; a few thousand fresh tokens and some twenty seconds each time. */
const tokensPerRequest = 2_500;
const msPerRequest = 20_000;

/** What a session of a bead is expected to draw from a seat. `usdPerToken`: null when no price is known. */
export function needOf(
  bead: Pick<Bead, 'type' | 'estimate'>,
  seat: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
  usdPerToken: number | null = null,
): Need {
  return needFor(Math.ceil(sizeOf(bead, seat, learned).p80), usdPerToken);
}

/** What is left to draw of a bead that was begun; the last part of its work is never nothing. */
export function restOf(
  bead: Pick<Bead, 'type' | 'estimate' | 'usage'>,
  seat: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
  usdPerToken: number | null = null,
): Need {
  const { tokens } = needOf(bead, seat, learned);
  return needFor(Math.max(Math.ceil(tokens / 4), tokens - freshTokens(totalUsage(bead))), usdPerToken);
}

/** As windows count them: what a cache answered is not drawn. */
export function freshTokens({ input, output }: Usage): number {
  return input + output;
}

function needFor(tokens: number, usdPerToken: number | null): Need {
  const requests = 2 + Math.ceil(tokens / tokensPerRequest);
  const usd = usdPerToken === null ? null : tokens * usdPerToken;
  return { tokens, requests, usd, ms: requests * msPerRequest };
}

export function sizeOf(
  { type, estimate }: Pick<Bead, 'type' | 'estimate'>,
  { provider, model }: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
): Size {
  const { mean, variance, weight, freedom } = beliefOf(learned, type, provider, model);
  const spread = variance * (1 + 1 / weight);
  const own = estimate !== null && Number.isFinite(estimate) && estimate >= 1 ? Math.log(estimate) : null;
  const trust = own === null ? 0 : spread / (spread + estimateVariance);
  const middle = own === null ? mean : mean + trust * (own - mean);
  const deviation = Math.sqrt(spread * (1 - trust));
  return { p50: Math.exp(middle), p80: Math.exp(middle + quantile(freedom) * deviation) };
}

/** Of Student's t, whose tails are heavier the less is known (Cornish-Fisher, first term). */
function quantile(freedom: number): number {
  return z80 * (1 + (z80 * z80 + 1) / (4 * freedom));
}

/** Asked for every candidate of every bead, and the same as long as nothing new was learned. */
const beliefs = new WeakMap<Learned, Map<string, Belief>>();

function beliefOf(learned: Learned, type: BeadType, provider: string, model: string): Belief {
  const key = learnedKey(type, provider, model);
  const known = beliefs.get(learned) ?? new Map<string, Belief>();
  beliefs.set(learned, known);
  const found = known.get(key) ?? learn(learned, type, key);
  known.set(key, found);
  return found;
}

/** First what this type took anywhere else, then what it took with this very seat. */
function learn({ sizes }: Learned, type: BeadType, key: string): Belief {
  const prior: Belief = {
    mean: Math.log(typical[type]),
    variance: priorVariance,
    weight: priorWeight,
    freedom: priorFreedom,
  };
  const elsewhere = Object.entries(sizes)
    .filter(([one]) => one !== key && one.startsWith(`${type} `))
    .map(([, one]) => one)
    .reduce(together, nothing);
  const { mean, variance } = learnFrom(prior, elsewhere);
  // Seats differ: what others took is a better guess than none, and no more than that.
  return learnFrom({ ...prior, mean, variance }, sizes[key] ?? nothing);
}

const nothing: Sizes = { count: 0, mean: 0, m2: 0 };

function together(a: Sizes, b: Sizes): Sizes {
  const count = a.count + b.count;
  if (count === 0) return nothing;
  const apart = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (apart * b.count) / count,
    m2: a.m2 + b.m2 + (apart * apart * a.count * b.count) / count,
  };
}

/** The conjugate update of a normal distribution whose mean and variance are both unknown. */
function learnFrom({ mean, variance, weight, freedom }: Belief, seen: Sizes): Belief {
  const { count } = seen;
  if (!(count > 0)) return { mean, variance, weight, freedom };
  const apart = seen.mean - mean;
  const surprise = (apart * apart * weight * count) / (weight + count);
  return {
    mean: mean + (apart * count) / (weight + count),
    variance: (freedom * variance + seen.m2 + surprise) / (freedom + count),
    weight: weight + count,
    freedom: freedom + count,
  };
}
