import assert from 'node:assert/strict';
import { Batches } from '../../../src/system/batches.ts';
import { Together } from '../../../src/system/together.ts';

describe('work in batches', () => {
  it('begins at once with the first, and does what came meanwhile together', async () => {
    const batches: (readonly number[])[] = [];
    const work = new Batches<number>(async (batch) => {
      batches.push(batch);
      await Promise.resolve();
    });
    await Promise.all([1, 2, 3, 4].map((one) => work.add(one)));
    await work.add(5);
    assert.deepEqual(batches, [[1], [2, 3, 4], [5]]);
  });

  it('fails for those of its batch alone', async () => {
    const work = new Batches<number>((batch) =>
      batch.includes(2) ? Promise.reject(new Error('two')) : Promise.resolve(),
    );
    const ended = await Promise.allSettled([1, 2, 3].map((one) => work.add(one)));
    await work.add(4);
    assert.deepEqual(
      ended.map((one) => one.status),
      ['fulfilled', 'rejected', 'rejected'],
    );
  });

  it('has ended when the last batch has, whatever became of it', async () => {
    const done: number[] = [];
    const work = new Batches<number>(async (batch) => {
      await Promise.resolve();
      done.push(...batch);
      if (batch.includes(1)) throw new Error('one');
    });
    const all = [1, 2, 3].map((one) => work.add(one).catch(() => undefined));
    await work.ended();
    assert.deepEqual(done, [1, 2, 3]);
    await Promise.all(all);
  });
});

describe('what several ask for at the same moment', () => {
  it('is done once for them, and anew for who comes after it began', async () => {
    let times = 0;
    const ways = new Together<number>();
    const ask = (): Promise<number> =>
      ways.do('a', () => {
        times += 1;
        return Promise.resolve(times);
      });
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
    assert.equal(await ask(), 2);
  });

  it('fails for all of them, and is asked anew', async () => {
    const ways = new Together<number>();
    const failing = (): Promise<number> => ways.do('a', () => Promise.reject(new Error('no')));
    const ended = await Promise.allSettled([failing(), failing()]);
    assert.deepEqual(
      ended.map((one) => one.status),
      ['rejected', 'rejected'],
    );
    assert.equal(await ways.do('a', () => Promise.resolve(1)), 1);
  });
});
