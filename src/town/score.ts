import { affinityOf } from './affinity.ts';
import type { Bead } from './bead.ts';
import type { Carrier } from './carry.ts';
import type { Candidate, SeatOut } from './candidate.ts';
import { type Carry, type Fuel, type Learned, type Need, learnedKey } from './fuel.ts';
import { gaugeAt } from './gauge.ts';
import { drawsFrom, kindOf } from './gaugeKinds.ts';
import type { Instant } from './ids.ts';
import { restOf } from './need.ts';
import type { Seat } from './polecat.ts';
import { type Routing, thresholdsOf } from './routing.ts';
import { type Gauge, type Level, levelOf } from './tank.ts';

/** What seats are judged by, at one instant. */
export interface Judging {
  readonly fuel: Fuel;
  readonly carrier: Carrier;
  readonly routing: Routing;
  /** Accounts that an agent found empty, until when. */
  readonly limits: ReadonlyMap<string, Instant>;
  /** USD a token by `provider model`; what is not in it is not known. */
  readonly prices: Readonly<Record<string, number>>;
  /** How many sessions draw from an account, or begin to now; null: no room is left for what they take beyond their needs. */
  readonly running: ((tank: string) => number) | null;
  readonly at: Instant;
}

/** Beads' worth of patience with a seat: as if it had passed four of five before. */
const prior = { passed: 3.2, failed: 0.8 };

/** What a dollar takes off a score at weight 1; twice as much takes a little more. */
const halfDear = 1;

/** All seats as they are judged for a bead, in configured order; of one that was begun, for the rest of its work. */
export function judge(bead: Bead, seats: readonly Seat[], judging: Judging): readonly Candidate[] {
  const known = new Map<string, Known>();
  const judged = seats.map((seat) => {
    const model = `${seat.provider} ${seat.model}`;
    const ofModel = known.get(model) ?? knownOf(bead, seat, judging);
    known.set(model, ofModel);
    return judgeSeat(seat, ofModel, judging);
  });
  const { priceWeight } = judging.routing;
  if (!(priceWeight > 0)) return judged;
  const prices = judged.map(({ need }) => dearness(need));
  // Who does not say what it costs is taken to cost as much as the dearest that does.
  const dearest = Math.max(0, ...prices.filter((one) => one !== null));
  return judged.map((one, index) => {
    const price = priceWeight * (prices[index] ?? dearest);
    return { ...one, price, score: one.score - price };
  });
}

/** What is the same on every account of a model. */
type Known = Pick<Candidate, 'need' | 'affinity' | 'success'>;

function knownOf(bead: Bead, seat: Seat, judging: Judging): Known {
  const { fuel, routing } = judging;
  return {
    need: needAt(bead, seat, judging),
    affinity: affinityOf(bead.type, seat.provider, routing),
    success: successOf(fuel.learned, bead, seat),
  };
}

function judgeSeat(seat: Seat, { need, affinity, success }: Known, judging: Judging): Candidate {
  const { carrier, limits, running } = judging;
  const carried = carrier(seat, running === null ? need : withRoom(need, running(seat.tank)));
  const headroom = carried.ok ? carried.left : 0;
  return {
    seat,
    affinity,
    headroom,
    gauge: carried.ok ? carried.gauge : carried.why.gauge,
    success,
    price: 0,
    score: affinity * headroom * success,
    level: levelAt(seat, judging),
    need,
    out: outOf(carried, limits.get(seat.tank)),
  };
}

/** Of what sessions of one expected size (its P80) really take: their mean and spread in that size, as sizes are spread. */
const taken = { mean: 0.8, spread: 0.7 };
/** Spreads beyond the mean that are left room for, so that one in a hundred meets a limit (the simulated week). */
const sure = 3;

/**
 * A P80 covers one session, and the sum of several P80s does not cover their sum: what takes longer takes far longer.
 * So whoever begins beside others asks for what all of them together may take, beyond what those others keep back.
 */
function withRoom(need: Need, beside: number): Need {
  const together = taken.mean * (beside + 1) + sure * taken.spread * Math.sqrt(beside + 1);
  const times = Math.max(1, together - beside);
  return {
    ...need,
    tokens: Math.ceil(need.tokens * times),
    usd: need.usd === null ? null : need.usd * times,
  };
}

/** What a bead needs of a seat, or what is left to do of it. */
export function needAt(bead: Bead, seat: Seat, { fuel, prices }: Judging): Need {
  return restOf(bead, seat, fuel.learned, prices[`${seat.provider} ${seat.model}`] ?? null);
}

function outOf(carried: Carry, limitedUntil: Instant | undefined): SeatOut | null {
  if (limitedUntil !== undefined) return { kind: 'limited', until: limitedUntil };
  return carried.ok ? null : { kind: 'shortage', shortage: carried.why };
}

/** Mean of the Beta posterior. */
function successOf({ success }: Learned, { type }: Bead, { provider, model }: Seat): number {
  const { passed, failed } = success[learnedKey(type, provider, model)] ?? { passed: 0, failed: 0 };
  return (prior.passed + passed) / (prior.passed + prior.failed + passed + failed);
}

function dearness({ usd }: Need): number | null {
  return usd === null ? null : usd / (usd + halfDear);
}

/** The window that decides the level of an account for a model; what comes back within minutes decides none. */
export function lowestGauge(
  { tank, model }: Pick<Seat, 'tank' | 'model'>,
  fuel: Fuel,
  at: Instant,
): Gauge | null {
  let lowest: Gauge | null = null;
  for (const gauge of Object.values(fuel.tanks[tank]?.gauges ?? {})) {
    const { refill, counts } = kindOf(gauge.gauge);
    if (refill === 'steadily' || counts === 'agents' || !drawsFrom(gauge.model, model)) continue;
    const now = gaugeAt(gauge, at);
    if (lowest === null || now.left < lowest.left) lowest = now;
  }
  return lowest;
}

/** Asked for every bead, and the same for all of them. */
const levels = new WeakMap<Judging, Map<Seat, Level | null>>();

function levelAt(seat: Seat, judging: Judging): Level | null {
  const { fuel, routing, at } = judging;
  const ofSeats = levels.get(judging) ?? new Map<Seat, Level | null>();
  levels.set(judging, ofSeats);
  const known = ofSeats.get(seat);
  if (known !== undefined) return known;
  const lowest = lowestGauge(seat, fuel, at);
  const level = lowest === null ? null : levelOf(lowest.left, thresholdsOf(routing, seat.provider));
  ofSeats.set(seat, level);
  return level;
}
