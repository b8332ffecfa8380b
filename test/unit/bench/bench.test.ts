import assert from 'node:assert/strict';
import { asJson, run } from '../../bench/bench.ts';
import type { Figure, Measurement } from '../../bench/figure.ts';
import { interleaved, median } from '../../bench/ratio.ts';

const good: Measurement = { value: 1.5, baseline: 0.2, runs: 10 };
const figureOf = (measured: Partial<Measurement>, target: number | null = 2): Figure => ({
  name: 'some.figure',
  unit: 'x',
  target,
  against: 'nothing',
  measure: () => Promise.resolve({ ...good, ...measured }),
});

describe('a figure of the bench', () => {
  it('is good within its target, and always when it is only reported', async () => {
    assert.equal((await run(figureOf({ value: 2 }))).ok, true);
    assert.equal((await run(figureOf({ value: 2.01 }))).ok, false);
    assert.equal((await run(figureOf({ value: 99 }, null))).ok, true);
  });

  it('is never good when nothing was measured', async () => {
    const empty: readonly Partial<Measurement>[] = [
      { value: NaN },
      { value: 0 },
      { value: Infinity },
      { runs: 0 },
      { runs: NaN },
      { baseline: 0 },
      { baseline: NaN },
    ];
    for (const measured of empty) {
      for (const target of [2, null]) {
        assert.equal((await run(figureOf(measured, target))).ok, false, JSON.stringify(measured));
      }
    }
    const failing: Figure = { ...figureOf({}, null), measure: () => Promise.reject(new Error('no disk')) };
    const result = await run(failing);
    assert.equal(result.ok, false);
    assert.equal(result.problem, 'no disk');
    const line = JSON.parse(asJson(result)) as Record<string, unknown>;
    assert.deepEqual(line, {
      name: 'some.figure',
      unit: 'x',
      value: null,
      target: null,
      ok: false,
      baseline: null,
      runs: 0,
    });
  });

  it('is one line of JSON with the agreed names', async () => {
    const line = asJson(await run(figureOf({})));
    assert.equal(
      line,
      '{"name":"some.figure","unit":"x","value":1.5,"target":2,"ok":true,"baseline":0.2,"runs":10}',
    );
  });

  it('measures subject and baseline in turns, and counts no warm-up', async () => {
    const order: string[] = [];
    const subject = (): unknown => order.push('s');
    const baseline = (): unknown => order.push('b');
    const { runs } = await interleaved({ subject, baseline, warmUp: 1, rounds: 3 });
    assert.equal(order.join(''), 'sbbssbbs');
    assert.equal(runs, 3);
    assert.throws(() => median([]), /nothing was measured/);
    assert.equal(median([5, 1, 3]), 3);
  });
});
