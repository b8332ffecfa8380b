import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { CheckResult } from '../../../src/town/check.ts';
import {
  type Flaky,
  type Reruns,
  type Seen,
  fade,
  flipOf,
  flakyTests,
  forgotten,
  isAlike,
  isAllKnown,
  isFlaky,
  isSuspect,
  learnFlip,
  learnRerun,
  noReruns,
} from '../../../src/town/flaky.ts';

const ran: CheckResult = { name: 'test', outcome: 'passed', exitCode: 0, durationMs: 1, outputFile: null };
const red = (...failedTests: readonly string[]): CheckResult => ({
  ...ran,
  outcome: 'failed',
  exitCode: 1,
  ...(failedTests.length === 0 ? {} : { failedTests }),
});
const at = { tree: 't1', at: 1 };
const known = (...tests: readonly string[]): Flaky => learnFlip({}, { check: 'test', tests, ...at });
const learned = (...outcomes: readonly ('steady' | 'flaky')[]): Reruns =>
  outcomes.reduce(learnRerun, noReruns);
const steady = learned('steady');

const once: Seen = { again: 0, alike: 0, rate: 0.2 };
const suspect = (flaky: Flaky, reruns: Reruns, failed: CheckResult, seen: Partial<Seen> = {}): boolean =>
  isSuspect(flaky, reruns, failed, { ...once, ...seen });

describe('A red result', () => {
  it('is run again while nothing is known, and no more once one was steady', () => {
    equal(suspect({}, noReruns, red('a')), true);
    equal(suspect({}, steady, red('a')), false);
    equal(suspect({}, steady, red()), false);
  });

  it('is run again after some 20 culprits that nobody doubted', () => {
    const after = (count: number): Reruns =>
      Array.from({ length: count }).reduce<Reruns>((reruns) => fade(reruns), steady);
    equal(suspect({}, after(20), red('a')), false);
    equal(suspect({}, after(25), red('a')), true);
  });

  it('is run again once, and twice when all that fell is known for it', () => {
    equal(suspect({}, noReruns, red('a'), { again: 1 }), false);
    equal(suspect(known('a'), steady, red('a'), { again: 1 }), true);
    equal(suspect(known('a'), steady, red('a'), { again: 2 }), false);
  });

  it('is believed where another run failed alike, unless all that fell is known for it', () => {
    equal(suspect({}, noReruns, red('a'), { alike: 1 }), false);
    equal(suspect(known('a'), noReruns, red('a'), { alike: 1 }), true);
  });

  it('is believed where failing is what most do', () => {
    equal(suspect({}, noReruns, red('a'), { rate: 0.5 }), false);
    equal(suspect(known('a'), noReruns, red('a'), { rate: 0.5 }), true);
  });

  it('is run again where more than one in seven turned out to be flaky, and forgets what was long ago', () => {
    const many = (count: number): ('steady' | 'flaky')[] => Array.from({ length: count }, () => 'steady');
    equal(suspect({}, learned('flaky', ...many(4)), red('a')), true);
    equal(suspect({}, learned('flaky', ...many(20)), red('a')), false);
    equal(suspect({}, learned(...many(60), 'flaky', 'flaky', 'flaky'), red('a')), true);
  });

  it('is run again when only tests fell that are known for it', () => {
    equal(suspect(known('a', 'b'), steady, red('a')), true);
    equal(suspect(known('a', 'b'), steady, red('a', 'b')), true);
    equal(suspect(known('a'), steady, { ...red('a'), name: 'lint' }), false);
    equal(suspect(known(), steady, red()), true);
    equal(suspect(known(), steady, red('a')), false);
  });

  it('is decided by the others when a test that is known for it fell beside them', () => {
    equal(suspect(known('a'), steady, red('a', 'real')), false);
    equal(suspect(known('a'), noReruns, red('a', 'real')), true);
  });

  it('is of no single test when very many fell at once', () => {
    const crowd = Array.from({ length: 30 }, (_, index) => `t${String(index)}`);
    const flaky = known(...crowd);
    deepEqual(
      Object.values(flaky).map(({ test }) => test),
      [null],
    );
    equal(suspect(flaky, steady, red(...crowd.slice(0, 20))), true);
    equal(suspect(flaky, steady, red('t1')), false);
  });

  it('is not run again when it passed, did not run or could not', () => {
    for (const outcome of ['passed', 'skipped', 'not_runnable'] as const)
      equal(suspect(known(), noReruns, { ...ran, outcome }), false);
    equal(suspect(known(), steady, { ...ran, outcome: 'timed_out' }), true);
  });
});

describe('Two results', () => {
  it('are alike when one check fell by a test that fell in both', () => {
    equal(isAlike(red('a', 'b'), red('b', 'c')), true);
    equal(isAlike(red('a'), red('b')), false);
    equal(isAlike(red('a'), { ...red('a'), name: 'lint' }), false);
  });

  it('are alike when one check fell that names no tests in either', () => {
    equal(isAlike(red(), red()), true);
    equal(isAlike(red(), red('a')), false);
  });
});

describe('The ledger of flaky tests', () => {
  it('counts how often, when last, and on which trees', () => {
    let flaky: Flaky = {};
    for (let index = 1; index <= 7; index += 1)
      flaky = learnFlip(flaky, { check: 'test', tests: ['a'], tree: `t${String(index)}`, at: index });
    flaky = learnFlip(flaky, { check: 'test', tests: ['a'], tree: 't5', at: 8 });
    deepEqual(Object.values(flaky), [
      { check: 'test', test: 'a', flips: 8, lastAt: 8, examples: ['t3', 't4', 't6', 't7', 't5'] },
    ]);
  });

  it('forgets one of them and no other, and what was never known', () => {
    const flaky = known('a', 'b');
    const left = forgotten(flaky, { check: 'test', test: 'a' });
    deepEqual(
      flakyTests(left).map(({ test }) => test),
      ['b'],
    );
    deepEqual(forgotten(left, { check: 'test', test: 'a' }), left);
    equal(isFlaky(left, { check: 'test', test: 'b' }), true);
    equal(isFlaky(left, { check: 'test', test: null }), false);
  });

  it('keeps names apart, whatever they are', () => {
    const names = ['__proto__', 'constructor', 'a","b', 'a\0b', ''];
    const flaky = known(...names);
    equal(Object.keys(flaky).length, names.length);
    equal(isAllKnown(flaky, red(...names)), true);
    deepEqual(JSON.parse(JSON.stringify(flaky)), flaky);
    equal(isAllKnown({}, red('toString')), false);
  });

  it('holds 200, and forgets those that did it longest ago', () => {
    let flaky: Flaky = {};
    for (let index = 0; index < 250; index += 1)
      flaky = learnFlip(flaky, { check: 'test', tests: [`t${String(index)}`], tree: 't', at: index });
    equal(Object.keys(flaky).length, 200);
    equal(isAllKnown(flaky, red('t49')), false);
    equal(isAllKnown(flaky, red('t50')), true);
  });
});

describe('Two runs on one tree', () => {
  it('show all that fell to be flaky when the second one passes', () => {
    deepEqual(flipOf(red('a', 'b'), ran, at), { check: 'test', tests: ['a', 'b'], ...at });
    deepEqual(flipOf(red(), ran, at), { check: 'test', tests: [], ...at });
    deepEqual(flipOf({ ...ran, outcome: 'timed_out' }, ran, at)?.tests, []);
  });

  it('show a test to be flaky that passed while another one fell again', () => {
    deepEqual(flipOf(red('a', 'real'), red('real'), at)?.tests, ['a']);
    equal(flipOf(red('a', 'real'), red('a', 'real'), at), null);
  });

  it('show nothing where the second may not have come that far', () => {
    equal(flipOf(red('a'), red('b'), at), null);
    equal(flipOf(red('a', 'b'), red(), at), null);
    equal(flipOf(red('a'), { ...ran, outcome: 'timed_out' }, at), null);
    equal(flipOf(red('a'), { ...ran, outcome: 'not_runnable' }, at), null);
    equal(flipOf(red('a'), { ...ran, outcome: 'skipped' }, at), null);
    equal(flipOf(ran, red('a'), at), null);
  });
});

describe('A test that fails in three runs of ten', () => {
  /** Numbers that are the same at every run (mulberry32). */
  function drawing(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
  }

  /**
   * A day of one queue: every tenth request is really broken; each is proven alone, a suspect at most twice more. What
   * comes back is proven once more for its agent, on the same tree.
   */
  function day(
    seed: number,
    flakiness: number,
  ): { landed: number; innocent: number; wrong: number; runs: number } {
    const draw = drawing(seed);
    const count = { landed: 0, innocent: 0, wrong: 0, runs: 0 };
    let [flaky, reruns]: [Flaky, Reruns] = [{}, noReruns];
    for (let request = 0; request < 60; request += 1) {
      const broken = request % 10 === 4;
      const prove = (): CheckResult => {
        count.runs += 1;
        const failed = [...(draw() < flakiness ? ['flaky'] : []), ...(broken ? ['real'] : [])];
        return failed.length === 0 ? ran : red(...failed);
      };
      const first = prove();
      let result = first;
      const news = !isAllKnown(flaky, first);
      let again = 0;
      while (suspect(flaky, reruns, result, { again })) {
        again += 1;
        const next = prove();
        const flip = flipOf(result, next, { tree: String(request), at: request });
        if (flip !== null) flaky = learnFlip(flaky, flip);
        result = next;
      }
      if (again > 0 && news) reruns = learnRerun(reruns, result.outcome === 'passed' ? 'flaky' : 'steady');
      if (result.outcome !== 'passed') {
        if (again === 0) reruns = fade(reruns);
        const flip = flipOf(result, prove(), { tree: String(request), at: request });
        if (flip !== null) flaky = learnFlip(flaky, flip);
      }
      const lands = result.outcome === 'passed';
      if (broken && lands) count.wrong += 1;
      if (!broken) count.innocent += 1;
      if (!broken && lands) count.landed += 1;
    }
    return count;
  }

  it('lets nothing broken land, and the great majority of what is not', () => {
    const days = Array.from({ length: 300 }, (_, seed) => day(seed, 0.3));
    const sum = (of: (one: (typeof days)[number]) => number): number =>
      days.reduce((total, one) => total + of(one), 0);
    equal(
      sum(({ wrong }) => wrong),
      0,
    );
    const share = sum(({ landed }) => landed) / sum(({ innocent }) => innocent);
    ok(share > 0.95, String(share));
    const worst = Math.min(...days.map(({ landed, innocent }) => landed / innocent));
    ok(worst > 0.8, String(worst));
  });

  it('costs few more runs, and none after the first where every failure is steady', () => {
    const runs = Array.from({ length: 100 }, (_, seed) => day(seed, 0.3).runs / 60);
    ok(Math.max(...runs) < 2, String(Math.max(...runs)));
    equal(day(1, 0).runs, 60 + 6 + 1);
  });

  it('never makes a broken request pass, however flaky all the rest is', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, flakiness) => {
        equal(day(seed, flakiness).wrong, 0);
      }),
    );
  });
});
