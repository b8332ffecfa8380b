import assert from 'node:assert/strict';
import { Turns } from '../../../src/system/turns.ts';

describe('turns', () => {
  const step = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('lets one at a time work on a key, in the order in which they asked', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} begins`);
      await step();
      seen.push(`${name} ends`);
    };
    await Promise.all([turns.take('key', work('one')), turns.take('key', work('two'))]);
    assert.deepEqual(seen, ['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('does not make one key wait for another', async () => {
    const turns = new Turns();
    const never = turns.take('slow', () => new Promise<void>(() => undefined));
    assert.equal(await turns.take('other', () => Promise.resolve(1)), 1);
    assert.ok(never);
  });

  it('tells only the one whose work failed', async () => {
    const turns = new Turns();
    const failed = turns.take('key', () => Promise.reject(new Error('no')));
    const next = turns.take('key', () => Promise.resolve('yes'));
    await assert.rejects(failed, /no/);
    assert.equal(await next, 'yes');
  });

  it('lets so much heavy work go on at once as there are cores, first come first served', async () => {
    const turns = new Turns(2);
    const seen: number[] = [];
    let busy = 0;
    const work = (n: number) => async (): Promise<void> => {
      seen.push(n);
      busy += 1;
      assert.ok(busy <= 2);
      await step();
      busy -= 1;
      if (n === 2) throw new Error('two');
    };
    const all = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => turns.heavy(work(n))));
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.equal(all.filter(({ status }) => status === 'rejected').length, 1);
  });
});
