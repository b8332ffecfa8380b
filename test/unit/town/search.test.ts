import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Outcomes, failureRate, learn, noOutcomes } from '../../../src/town/failureRate.ts';
import { type Line, everyProbe, lineLength, probes } from '../../../src/town/search.ts';
import { Play } from '../../bench/mergeQueue/play.ts';
import { Random } from '../../sim/random.ts';

const unknown = (length: number): Line => ({ length, green: 0, red: null });
const end = ({ length, red }: Line): number => red ?? length + 1;

const anyRate = fc.double({ min: 0, max: 1, noNaN: true });
const anyProbing = fc.record({ slots: fc.integer({ min: 1, max: 20 }), rate: anyRate });
const anyLine = fc.tuple(fc.nat(90), fc.nat(90), fc.option(fc.nat(90))).map(([length, green, red]): Line => {
  const proven = Math.min(green, length);
  return { length, green: proven, red: red === null || proven + red >= length ? null : proven + red + 1 };
});
const anyRunning = fc.uniqueArray(fc.nat(90), { maxLength: 6 });

/** Requests of which some fail, and runs that take long or short, so that they end in any order. */
const anyQueue = fc
  .record({
    fails: fc.array(fc.boolean(), { maxLength: 30 }),
    slots: fc.integer({ min: 1, max: 6 }),
    outcomes: fc.record({ passed: fc.nat(60), failed: fc.nat(60) }),
    seed: fc.nat(),
    between: fc.nat(3),
  })
  .map(({ seed, between, ...queue }) => {
    const draw = new Random(seed, 'how long runs take');
    const comes = queue.fails.map((_, place) => place * between);
    return { ...queue, comes, takes: () => draw.between(1, 9) };
  });

function seen(times: number, before: Outcomes, failed: 0 | 1): Outcomes {
  return Array.from({ length: times }).reduce<Outcomes>((one) => learn(one, 1 - failed, failed), before);
}

describe('the search for culprits', () => {
  it('names exactly those that fail, whatever is expected and in whatever order runs end', () => {
    fc.assert(
      fc.property(anyQueue, (queue) => {
        const failing = queue.fails.flatMap((fails, place) => (fails ? [place] : []));
        assert.deepEqual(new Play(queue).all().culprits, failing);
      }),
    );
  });

  it('asks for lengths that are neither decided nor under test, ascending and no more than slots are free', () => {
    fc.assert(
      fc.property(anyLine, anyProbing, anyRunning, (line, probing, running) => {
        const open = running.filter((length) => length > line.green && length < end(line));
        for (const asked of [probes(line, probing, running), everyProbe(line, probing, running)]) {
          assert.ok(asked.length <= Math.max(0, probing.slots - open.length));
          assert.deepEqual(
            asked,
            [...new Set(asked)].sort((a, b) => a - b),
          );
          for (const length of asked)
            assert.ok(length > line.green && length < end(line) && !open.includes(length));
        }
      }),
    );
  });

  it('always tests something of a line that is not decided, and nothing of one that is', () => {
    fc.assert(
      fc.property(anyLine, anyProbing, (line, probing) => {
        const isDecided = end(line) === line.green + 1;
        assert.equal(probes(line, probing).length === 0, isDecided);
        assert.equal(everyProbe(line, probing).length === 0, isDecided);
      }),
    );
  });

  it('answers the same when it is asked again', () => {
    const ask = (): readonly number[] =>
      probes({ length: 30, green: 4, red: 21 }, { slots: 3, rate: 0.1 }, [9]);
    const first = ask();
    for (let n = 1; n < 60; n += 1) probes(unknown(30), { slots: 2, rate: n / 60 });
    assert.deepEqual(ask(), first);
  });

  it('takes as many into a line as it then tests together at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), anyProbing, (waiting, probing) => {
        const length = lineLength(waiting, probing);
        assert.ok(length >= 1 && length <= waiting);
        assert.equal(probes(unknown(length), probing).at(-1), length);
      }),
    );
  });

  it('takes fewer the more of them fail, and tests one by one when two of five do', () => {
    const lengths = [0, 0.02, 0.05, 0.1, 0.2, 0.37, 0.4, 0.7, 1].map((rate) =>
      lineLength(20, { slots: 1, rate }),
    );
    assert.deepEqual(
      lengths,
      lengths.toSorted((a, b) => b - a),
    );
    assert.equal(lengths[0], 20);
    assert.deepEqual(lengths.slice(-4), [2, 1, 1, 1]);
  });

  it('halves a red line when failures are rare', () => {
    const line = { length: 16, green: 0, red: 16 };
    assert.deepEqual(probes(line, { slots: 1, rate: 0.001 }), [8]);
    assert.deepEqual(probes({ ...line, green: 8 }, { slots: 1, rate: 0.001 }), [12]);
    assert.deepEqual(probes(line, { slots: 3, rate: 0.001 }), [4, 8, 12]);
  });

  it('fills a slot that became free beside what still runs', () => {
    const probing = { slots: 2, rate: 0.001 };
    const [beside] = probes({ length: 16, green: 0, red: 16 }, probing, [8]);
    assert.ok(beside !== undefined && beside !== 8);
    assert.deepEqual(probes({ length: 16, green: 0, red: 16 }, probing, [8, 12]), []);
  });

  it('gives the slot of a run that became needless to another', () => {
    const line = { length: 16, green: 3, red: 14 };
    const asked = probes(line, { slots: 2, rate: 0.05 });
    assert.equal(asked.length, 2);
    for (const needless of [2, 3, 14, 16])
      assert.deepEqual(probes(line, { slots: 2, rate: 0.05 }, [needless]), asked);
  });

  it('starts no more than the one that is free ahead of a long run', () => {
    const line = { length: 64, green: 0, red: 64 };
    for (let running = 30; running < 64; running += 1)
      assert.ok(probes(line, { slots: 2, rate: 0.1 }, [running]).length <= 1);
  });

  it('leaves a slot free where a further run would tell nothing', () => {
    assert.deepEqual(probes(unknown(20), { slots: 4, rate: 0 }), [20]);
    assert.deepEqual(probes(unknown(20), { slots: 4, rate: 1 }), [1]);
  });

  it('tests a line that nobody would form now in parts', () => {
    const [first] = probes(unknown(300), { slots: 1, rate: 0.2 });
    assert.ok(first !== undefined && first < 10);
  });

  it('stands whatever it is asked', () => {
    for (const rate of [0, 1, -1, 2, NaN, Infinity])
      for (const slots of [0, -1, NaN, 1_000, 2.5]) {
        assert.equal(lineLength(0, { slots, rate }), 0);
        assert.equal(lineLength(-3, { slots, rate }), 0);
        assert.equal(lineLength(NaN, { slots, rate }), 0);
        assert.ok(lineLength(Infinity, { slots, rate }) >= 1);
        assert.ok(probes(unknown(5), { slots, rate }).length >= 1);
        assert.deepEqual(probes(unknown(0), { slots, rate }), []);
      }
    assert.deepEqual(
      probes(unknown(20), { slots: 0, rate: 0.1 }),
      probes(unknown(20), { slots: 1, rate: 0.1 }),
    );
  });
});

describe('the queue that tests every commit', () => {
  const probing = { slots: 3, rate: 0.05 };

  it('tests one after the other, as many as there are slots', () => {
    assert.deepEqual(everyProbe(unknown(9), probing), [1, 2, 3]);
    assert.deepEqual(everyProbe({ length: 9, green: 1, red: null }, probing, [2, 3]), [4]);
    assert.deepEqual(everyProbe({ length: 3, green: 2, red: null }, probing), [3]);
  });

  it('goes on only with those before the first red one', () => {
    assert.deepEqual(everyProbe({ length: 9, green: 1, red: 4 }, probing), [2, 3]);
    assert.deepEqual(everyProbe({ length: 9, green: 3, red: 4 }, probing), []);
  });

  it('tests none again that passed before one ahead of it did', () => {
    assert.deepEqual(everyProbe(unknown(9), probing, [1], [2, 3]), [4, 5]);
  });
});

describe('the failure rate of a queue', () => {
  it('is never sure of anything', () => {
    const histories: readonly Outcomes[] = [
      noOutcomes,
      { passed: 1e9, failed: 0 },
      { passed: 0, failed: 1e9 },
      { passed: -5, failed: NaN },
      { passed: Infinity, failed: -Infinity },
    ];
    for (const outcomes of histories) {
      const rate = failureRate(outcomes);
      assert.ok(rate > 0 && rate < 1, String(rate));
    }
  });

  it('follows what was decided', () => {
    const some = learn(noOutcomes, 38, 2);
    assert.ok(Math.abs(failureRate(some) - 0.05) < 0.03);
    assert.ok(failureRate(learn(some, 0, 1)) > failureRate(some));
    assert.ok(failureRate(learn(some, 1, 0)) < failureRate(some));
  });

  it('takes no decision for none', () => {
    assert.equal(learn(noOutcomes, 0, 0), noOutcomes);
    assert.deepEqual(learn({ passed: 3, failed: 1 }, -1, NaN), { passed: 3, failed: 1 });
  });

  it('lets twenty be tested together after forty that passed, and one by one after two culprits', () => {
    const after = (outcomes: Outcomes): number => lineLength(20, { slots: 1, rate: failureRate(outcomes) });
    assert.equal(after(seen(40, noOutcomes, 0)), 20);
    assert.equal(after(seen(2, noOutcomes, 1)), 1);
  });

  it('notices within some dozens that agents got worse, whatever was before', () => {
    const good = seen(10_000, noOutcomes, 0);
    assert.ok(failureRate(good) < 0.01);
    assert.ok(failureRate(seen(50, good, 1)) > 0.35);
  });

  it('learns of many at once as of one after the other', () => {
    const one = seen(30, seen(30, noOutcomes, 0), 0);
    const all = learn(noOutcomes, 60, 0);
    assert.ok(Math.abs(all.passed - one.passed) < 0.5);
    assert.ok(learn(noOutcomes, 1e6, 0).passed < 101);
  });

  it('survives being written down', () => {
    const some = learn(noOutcomes, 7, 3);
    assert.deepEqual(JSON.parse(JSON.stringify(some)), some);
  });
});
