import assert from 'node:assert/strict';
import { type BeadType, beadTypes } from '../../../src/town/bead.ts';
import { type Learned, learnedKey } from '../../../src/town/fuel.ts';
import { learn } from '../../../src/town/learn.ts';
import { needOf, restOf, sizeOf } from '../../../src/town/need.ts';
import { Random } from '../../sim/random.ts';

const seats = [
  { provider: 'claude', model: 'sonnet', times: 1 },
  { provider: 'codex', model: 'gpt', times: 1.3 },
  { provider: 'ollama', model: 'small', times: 1.9 },
] as const;
const unknown: Learned = { success: {}, sizes: {} };

describe('the need of a bead', () => {
  for (const [seed, bias, plans] of [
    [1, 1, 'plans are right on the average'],
    [2, 1, 'types and seats differ otherwise'],
    [3, 0.5, 'plans say half of what it takes'],
  ] as const) {
    it(`is enough for 77 to 83 % of 2,000 beads as they are learned from, where ${plans}`, () => {
      const { covered, beads } = learnAsTheyEnd(seed, bias);
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

  it('is of what was begun what is left and is read again, more of what took longer than expected, and never nothing', () => {
    const bead = { type: 'debug', estimate: null } as const;
    const whole = needOf(bead, seats[0], unknown).tokens;
    const after = (output: number): number =>
      restOf({ ...bead, usage: { 1: { input: 0, cachedInput: 9e6, output } } }, seats[0], unknown).tokens;
    assert.equal(after(0), whole);
    assert.ok(after(whole / 2) < whole * 1.25);
    assert.ok(after(4 * whole) > after(whole / 4));
    for (const drawn of [1, 1_000, whole, 9e6, 1e12]) assert.ok(after(drawn) >= 5_000 && after(drawn) < 1e13);
  });
});

/** Beads of all types, half of them with a planner's guess, each learned from once it ended. */
function learnAsTheyEnd(seed: number, bias: number): { covered: number; beads: number } {
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
    const estimate = n % 2 === 0 ? null : took * bias * Math.exp(0.6 * normal(draw));
    if (took <= needOf({ type, estimate }, seat, learned).tokens) covered += 1;
    const news = { kind: 'finished', type, ...seat, passed: true, tokens: took } as const;
    learned = learn(learned, estimate === null ? news : { ...news, estimate });
  }
  return { covered, beads };
}

function normal(draw: Random): number {
  const unit = (): number => (draw.next() + 1) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(unit())) * Math.cos(2 * Math.PI * unit());
}
