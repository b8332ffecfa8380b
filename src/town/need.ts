import { type Bead, type BeadType, type Usage, beadTypes, totalUsage } from './bead.ts';
import { type Learned, type Need, type Sizes, estimateKey, learnedKey } from './fuel.ts';
import { shareBelow, valueAt } from './normal.ts';
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
/** A need covers so many of all beads. */
const covered = 0.8;
/** 80th percentile of the standard normal distribution. */
const z80 = 0.8416;
/** The last part of a bead's work is never nothing. */
const leastRest = 5_000;
/** Of what was read, a session that goes on hours later finds little in a cache; the rest was summed up. */
const mostReread = 50_000;

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

/**
 * What is left to draw of a bead that was begun, and what its next session reads again first. The longer it took
 * already, the longer it is still expected to take: small beads are through by then.
 */
export function restOf(
  bead: Pick<Bead, 'type' | 'estimate' | 'usage'>,
  seat: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
  usdPerToken: number | null = null,
): Need {
  const drawn = freshTokens(totalUsage(bead));
  if (!(drawn > 0)) return needOf(bead, seat, learned, usdPerToken);
  const { middle, deviation } = spreadOf(bead, seat, learned);
  const through = shareBelow((Math.log(drawn) - middle) / deviation);
  const whole = Math.exp(middle + deviation * valueAt(1 - (1 - covered) * (1 - through)));
  const rereads = Math.min(drawn / 2, mostReread);
  return needFor(Math.ceil(Math.max(leastRest, whole - drawn) + rereads), usdPerToken);
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
  bead: Pick<Bead, 'type' | 'estimate'>,
  seat: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
): Size {
  const { middle, deviation } = spreadOf(bead, seat, learned);
  return { p50: Math.exp(middle), p80: Math.exp(middle + z80 * deviation) };
}

/** Of the logarithm of its size. */
function spreadOf(
  { type, estimate }: Pick<Bead, 'type' | 'estimate'>,
  { provider, model }: Pick<Seat, 'provider' | 'model'>,
  learned: Learned,
): { readonly middle: number; readonly deviation: number } {
  const { mean, variance, weight, freedom } = beliefOf(learned, type, provider, model);
  const spread = variance * (1 + 1 / weight);
  const said = estimate !== null && Number.isFinite(estimate) && estimate >= 1 ? Math.log(estimate) : null;
  const plan = beliefOf(learned, 'estimate', provider, model);
  const own = said === null ? null : said + plan.mean;
  const trust = own === null ? 0 : spread / (spread + plan.variance * (1 + 1 / plan.weight));
  const middle = own === null ? mean : mean + trust * (own - mean);
  return { middle, deviation: heavier(freedom) * Math.sqrt(spread * (1 - trust)) };
}

/** Student's t has heavier tails than the normal distribution, the more so the less is known (Cornish-Fisher, first term). */
function heavier(freedom: number): number {
  return 1 + (z80 * z80 + 1) / (4 * freedom);
}

/** Asked for every candidate of every bead, and the same as long as nothing new was learned. */
const beliefs = new WeakMap<Learned, Map<string, Belief>>();

function beliefOf(learned: Learned, of: BeadType | 'estimate', provider: string, model: string): Belief {
  const key = of === 'estimate' ? estimateKey(provider, model) : learnedKey(of, provider, model);
  const known = beliefs.get(learned) ?? new Map<string, Belief>();
  beliefs.set(learned, known);
  const found = known.get(key) ?? learn(learned, of, key);
  known.set(key, found);
  return found;
}

/** First what this type took anywhere else, then what it took with this very seat; so of what plans say, too. */
function learn({ sizes }: Learned, of: BeadType | 'estimate', key: string): Belief {
  const prior: Belief = {
    mean: of === 'estimate' ? 0 : Math.log(typical[of]),
    variance: of === 'estimate' ? estimateVariance : priorVariance,
    weight: priorWeight,
    freedom: priorFreedom,
  };
  const { mean, variance } = learnFrom(prior, ofType(sizes, of, key));
  // Seats differ: what others took is a better guess than none, and no more than that.
  const expected = of === 'estimate' ? mean : mean + shiftOf(sizes, of, key.slice(of.length));
  return learnFrom({ ...prior, mean: expected, variance }, sizes[key] ?? nothing);
}

/** All of a type but those of one key. */
function ofType(sizes: Learned['sizes'], type: string, but: string): Sizes {
  return Object.entries(sizes)
    .filter(([one]) => one !== but && one.startsWith(`${type} `))
    .map(([, one]) => one)
    .reduce(together, nothing);
}

/** By how much a seat's other types took more than they did elsewhere; who is slow at one is slow at the next. */
function shiftOf(sizes: Learned['sizes'], but: BeadType, seat: string): number {
  const others = beadTypes.filter((type) => type !== but);
  let [sum, weight] = [0, 0];
  for (const type of others) {
    const own = sizes[`${type}${seat}`] ?? nothing;
    const elsewhere = ofType(sizes, type, `${type}${seat}`);
    const count = Math.min(own.count, elsewhere.count);
    sum += count * (own.mean - elsewhere.mean);
    weight += count;
  }
  return sum / (weight + priorWeight);
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
