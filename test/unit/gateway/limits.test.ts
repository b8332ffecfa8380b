import assert from 'node:assert/strict';
import { CallLimits } from '../../../src/gateway/limits.ts';
import { onceEach } from '../../../src/gateway/onceEach.ts';
import type { Refusal } from '../../../src/gateway/refusal.ts';

describe('how often a token may ask', () => {
  const refused = (ms: number) => (error: Refusal) =>
    error.reason === 'too_often' && error.retryAfterMs === ms;

  it('is a burst, and then as often as time gives back', () => {
    let now = 0;
    const calls = new CallLimits({ perSecond: 10, burst: 3, waiting: 100, patient: 100 }, () => now);
    for (let call = 0; call < 3; call += 1) calls.enter('nux')();
    assert.throws(() => calls.enter('nux'), refused(100));
    now = 50;
    assert.throws(() => calls.enter('nux'), refused(50));
    now = 100;
    calls.enter('nux')();
    assert.throws(() => calls.enter('nux'), refused(100));
    now = 1e9;
    for (let call = 0; call < 3; call += 1) calls.enter('nux')();
    assert.throws(() => calls.enter('nux'), refused(100));
  });

  it('counts each token for itself', () => {
    const calls = new CallLimits({ perSecond: 1, burst: 1, waiting: 100, patient: 100 }, () => 0);
    calls.enter('nux');
    calls.enter('ace');
    assert.throws(() => calls.enter('nux'));
  });

  it('lets so many wait at once, and another when one is through', () => {
    const calls = new CallLimits({ perSecond: 1, burst: 9, waiting: 2, patient: 100 }, () => 0);
    const leave = calls.enter('nux');
    calls.enter('nux');
    assert.throws(() => calls.enter('nux'), refused(1_000));
    leave();
    calls.enter('nux');
  });

  it('lets so many bytes be on their way, and others when those are read', () => {
    const calls = new CallLimits({ perSecond: 1, burst: 9, waiting: 9, patient: 9 }, () => 0);
    const read = calls.arrive('nux', 60, 100);
    assert.throws(() => calls.arrive('nux', 41, 100), refused(1_000));
    calls.arrive('ace', 100, 100);
    calls.arrive('nux', 40, 100);
    read();
    calls.arrive('nux', 60, 100);
  });
});

describe('what is said twice under one id', () => {
  it('is done once, and answered twice, also while it is under way', async () => {
    const done: string[] = [];
    const say = onceEach(async (what: string) => {
      const count = done.push(what);
      await Promise.resolve();
      return count;
    });
    assert.deepEqual(await Promise.all([say('1', 'a'), say('1', 'a'), say('2', 'b')]), [1, 1, 2]);
    assert.equal(await say('1', 'a'), 1);
    assert.deepEqual(done, ['a', 'b']);
  });

  it('may be tried again when it failed', async () => {
    let tries = 0;
    const say = onceEach(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no')) : Promise.resolve('yes');
    });
    await assert.rejects(say('1', null));
    assert.equal(await say('1', null), 'yes');
  });
});
