import assert from 'node:assert/strict';
import { noOutcomes } from '../../../src/town/failureRate.ts';
import { TownPlay } from '../../bench/mergeQueue/townPlay.ts';
import { Random } from '../../sim/random.ts';

describe('20 branches in the queue of a whole town', () => {
  for (const slots of [1, 2])
    it(`land but for exactly those that fail, with ${String(slots)} runs at a time`, () => {
      const draw = new Random(slots, 'townPlay.test');
      for (const percent of [0, 5, 20, 50, 80, 100]) {
        const fails = Array.from({ length: 20 }, () => draw.chance(percent));
        const numbers = (failing: boolean): readonly number[] =>
          fails.flatMap((one, n) => (one === failing ? [n] : []));
        const { culprits, landed, runs, elapsed } = new TownPlay({
          fails,
          slots,
          outcomes: noOutcomes,
        }).all();
        assert.deepEqual([culprits, landed], [numbers(true), numbers(false)]);
        assert.ok(runs >= elapsed);
      }
    });
});
