import assert from 'node:assert/strict';
import { type BeadType, beadTypes } from '../../../src/town/bead.ts';
import { type Learned, type Sizes, learnedKey } from '../../../src/town/fuel.ts';
import { needOf, restOf, sizeOf } from '../../../src/town/need.ts';
import { Random } from '../../sim/random.ts';

const seats = [
  { provider: 'claude', model: 'sonnet', times: 1 },
  { provider: 'codex', model: 'gpt', times: 1.3 },
  { provider: 'ollama', model: 'small', times: 1.9 },
] as const;
const unknown: Learned = { success: {}, sizes: {} };

describe('the need of a bead', () => {
  for (const seed of [1, 2, 3]) {
    it(`is enough for 77 to 83 % of 2,000 beads as they are learned from, whatever they really take (${String(seed)})`, () => {
      const { covered, beads } = learnAsTheyEnd(seed);
      const share = (100 * covered) / beads;
      assert.ok(share >= 77 && share <= 83, `${share.toFixed(1)} %`);
    });
  }

  it('is, before anything was learned, what such a bead typically takes, and more for a larger type', () => {
    const seat = seats[0];
    const small = sizeOf({ type: 'documentation', estimate: null }, seat, unknown);
    const large = sizeOf({ type: 'refactor', estimate: null }, seat, unknown);
    assert.ok(small.p50 < large.p50 && small.p80 < large.p80 && small.p50 < small.p80);
  });

  it('follows the estimate of the plan half way, and forgets one that is no number of tokens', () => {
    const of = (estimate: number | null): number => sizeOf({ type: 'test', estimate }, seats[0], unknown).p50;
    assert.ok(of(400_000) > of(null) && of(400_000) < 400_000);
    assert.ok(of(4_000) < of(null) && of(4_000) > 4_000);
    for (const nonsense of [0, -5, Number.NaN, Infinity]) assert.equal(of(nonsense), of(null));
  });

  it('shrinks to what was believed as long as little was seen', () => {
    const after = (count: number): number => {
      const sizes = { [learnedKey('test', 'claude', 'sonnet')]: { count, mean: Math.log(500_000), m2: 0 } };
      return sizeOf({ type: 'test', estimate: null }, seats[0], { success: {}, sizes }).p50;
    };
    assert.ok(after(1) < 100_000 && after(8) > after(1) && after(200) > 400_000 && after(200) < 500_000);
  });

  it('learns of a seat it has not seen from the others', () => {
    const sizes = { [learnedKey('test', 'codex', 'gpt')]: { count: 50, mean: Math.log(500_000), m2: 10 } };
    const bead = { type: 'test', estimate: null } as const;
    assert.ok(
      needOf(bead, seats[0], { success: {}, sizes }).tokens > 2 * needOf(bead, seats[0], unknown).tokens,
    );
  });

  it('has requests, time and, with a price, money in it; an unknown price stays unknown', () => {
    const bead = { type: 'debug', estimate: null } as const;
    const free = needOf(bead, seats[0], unknown);
    assert.equal(free.usd, null);
    assert.ok(free.requests > 2 && free.ms > 60_000 && Number.isInteger(free.tokens));
    assert.equal(needOf(bead, seats[0], unknown, 0.00001).usd, free.tokens * 0.00001);
  });

  it('is less of what was begun, and never nothing', () => {
    const bead = { type: 'debug', estimate: null } as const;
    const whole = needOf(bead, seats[0], unknown).tokens;
    const after = (output: number): number =>
      restOf({ ...bead, usage: { 1: { input: 0, cachedInput: 9e6, output } } }, seats[0], unknown).tokens;
    assert.equal(after(0), whole);
    assert.equal(after(10_000), whole - 10_000);
    assert.equal(after(9e6), Math.ceil(whole / 4));
  });
});

/** Beads of all types, half of them with a planner's guess, each learned from once it ended. */
function learnAsTheyEnd(seed: number): { covered: number; beads: number } {
  const draw = new Random(seed, 'sizes');
  const medians = Object.fromEntries(
    beadTypes.map((type) => [type, 20_000 * Math.exp(normal(draw))]),
  ) as Record<BeadType, number>;
  let learned = unknown;
  let covered = 0;
  const beads = 2_000;
  for (let n = 0; n < beads; n += 1) {
    const type = draw.pick(beadTypes);
    const seat = draw.pick(seats);
    const took = medians[type] * seat.times * Math.exp(0.7 * normal(draw));
    const estimate = n % 2 === 0 ? null : took * Math.exp(0.6 * normal(draw));
    if (took <= needOf({ type, estimate }, seat, learned).tokens) covered += 1;
    learned = afterwards(learned, learnedKey(type, seat.provider, seat.model), Math.log(took));
  }
  return { covered, beads };
}

function afterwards({ success, sizes }: Learned, key: string, value: number): Learned {
  const { count, mean, m2 }: Sizes = sizes[key] ?? { count: 0, mean: 0, m2: 0 };
  const apart = value - mean;
  const next = mean + apart / (count + 1);
  return {
    success,
    sizes: { ...sizes, [key]: { count: count + 1, mean: next, m2: m2 + apart * (value - next) } },
  };
}

function normal(draw: Random): number {
  const unit = (): number => (draw.next() + 1) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}
