import assert from 'node:assert/strict';
import { breakerAt, paceAt } from '../../../../src/town/pace.ts';
import type { TankNews } from '../../../../src/town/fuel.ts';
import { Account, minute, need, second } from './account.ts';

const of = { tank: 't', provider: 'p', model: 'm' };
const throttled: TankNews = { kind: 'throttled', ...of };
const answered: TankNews = { kind: 'answered', ...of };
const failed: TankNews = { kind: 'failed', tank: 't', provider: 'p', detail: 'HTTP 500' };

describe('an account that is asked for too much at once', () => {
  let account: Account;
  beforeEach(() => {
    account = new Account();
  });
  const pace = (): number | null => paceAt(account.state.tanks['t']?.paces['m'], account.at);
  const run = (tokens: readonly number[]): readonly (string | null)[] =>
    tokens.map((token) => account.reserve(token, need(1), 't', 'm'));

  it('gets half as many, once for all that were throttled in one moment', () => {
    run([1, 2, 3, 4, 5, 6, 7, 8]);
    account.tell(throttled, throttled, throttled);
    assert.equal(pace(), 4);
    account.at += 10 * second;
    account.tell(throttled);
    assert.equal(pace(), 2);
    assert.deepEqual(run([9]), ['pace']);
    for (let token = 1; token < 8; token += 1) account.release(token);
    assert.deepEqual(run([9, 10]), [null, 'pace']);
  });

  it('bears one more after as many clean answers as may run, and one more each five minutes', () => {
    account.tell(throttled);
    assert.equal(pace(), 1);
    account.tell(answered);
    assert.equal(pace(), 2);
    account.tell(answered);
    assert.equal(pace(), 2);
    account.tell(answered);
    assert.equal(pace(), 3);
    account.at += 10 * minute;
    assert.equal(pace(), 5);
    account.at += 60 * minute;
    assert.equal(pace(), null);
    account.tell(answered);
    assert.deepEqual(account.state.tanks['t']?.paces, {});
  });

  it('loses nothing of what is left of it', () => {
    account.draws(1, 100);
    const before = account.left('5h');
    account.tell({ ...throttled, tank: 'claude-code' });
    assert.equal(account.left('5h'), before);
  });
});

describe('an account whose vendor fails', () => {
  let account: Account;
  beforeEach(() => {
    account = new Account();
  });
  const breaker = (): string | undefined => {
    const found = account.state.tanks['t'];
    return found === undefined ? undefined : breakerAt(found.breaker, account.at);
  };

  it('is left alone for a minute after three errors in a row, then tried by one', () => {
    account.tell(failed, failed);
    assert.equal(breaker(), 'closed');
    account.tell(failed);
    assert.equal(account.reserve(1, need(1), 't'), 'breaker');
    account.at += minute;
    assert.equal(breaker(), 'half');
    assert.equal(account.reserve(1, need(1), 't'), null);
    assert.equal(account.reserve(2, need(1), 't'), 'breaker');
    account.tell(answered);
    assert.equal(account.reserve(2, need(1), 't'), null);
  });

  it('is left alone twice as long each time, and never longer than half an hour', () => {
    account.tell(failed, failed);
    const waits: number[] = [];
    for (let trip = 0; trip < 8; trip += 1) {
      account.tell(failed, failed);
      const until = account.state.tanks['t']?.breaker.until ?? 0;
      waits.push((until - account.at) / minute);
      account.at = until;
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it('is not kept shut by a clock that was set back', () => {
    account.tell(failed, failed, failed);
    account.at -= 1_000 * minute;
    assert.equal(breaker(), 'half');
  });
});

describe('an account that only a person can mend', () => {
  it('gives nothing until they did, or it answers', () => {
    const account = new Account();
    const refused: TankNews = { kind: 'refused', tank: 't', provider: 'p', problem: 'auth', detail: 'key' };
    account.tell(refused, refused);
    assert.equal(account.reserve(1, need(1), 't'), 'problem');
    account.at += 1_000 * minute;
    assert.equal(account.reserve(1, need(1), 't'), 'problem');
    account.tell({ kind: 'mended', tank: 't' });
    assert.equal(account.reserve(1, need(1), 't'), null);
    account.tell(refused);
    account.tell(answered);
    assert.equal(account.reserve(2, need(1), 't'), null);
    assert.equal(account.lines, 4);
  });

  it('is not closed again by those who began with the former key, and is by who began with the new one', () => {
    const account = new Account();
    const problem = (): unknown => account.state.tanks['t']?.problem;
    const refused = (since: number): TankNews => {
      return { kind: 'refused', tank: 't', provider: 'p', problem: 'auth', detail: 'key', since };
    };
    const began = account.at;
    account.at += minute;
    account.tell(refused(began), { kind: 'mended', tank: 't' });
    account.at += second;
    account.tell(refused(began));
    assert.equal(problem(), null);
    account.tell(refused(account.at));
    assert.notEqual(problem(), null);
  });

  it('is closed by whoever is refused though a clock was set back since it was mended', () => {
    const account = new Account();
    account.tell({ kind: 'mended', tank: 't' });
    account.at -= 60 * minute;
    const since = account.at;
    account.tell({ kind: 'refused', tank: 't', provider: 'p', problem: 'auth', detail: 'key', since });
    assert.notEqual(account.state.tanks['t']?.problem, null);
  });

  it('and then is tried again though a limit error said it was empty', () => {
    const account = new Account();
    const until = account.at + 60 * minute;
    account.tell({ kind: 'limited', tank: 't', provider: 'p', gauge: '5h', model: null, until });
    assert.equal(account.reserve(1, need(1), 't'), 'dry');
    account.tell({ kind: 'mended', tank: 't' });
    assert.equal(account.reserve(1, need(1), 't'), null);
    assert.equal(account.reserve(2, need(1), 't'), 'probing');
  });
});

describe('what ended beads teach', () => {
  const finished = (tokens: number, passed: boolean, once?: string): TankNews => {
    const named = once === undefined ? {} : { once };
    return { kind: 'finished', type: 'test', provider: 'p', model: 'm', passed, tokens, ...named };
  };

  it('is how many passed and how large they were', () => {
    const account = new Account();
    for (const tokens of [10_000, 20_000, 40_000]) account.tell(finished(tokens, tokens < 40_000));
    account.tell(finished(0, false));
    const { success, sizes } = account.state.learned;
    assert.deepEqual(success['test p m'], { passed: 2, failed: 2 });
    const { count = 0, mean = 0, m2 = 0 } = sizes['test p m'] ?? {};
    assert.equal(count, 3);
    assert.ok(Math.abs(Math.exp(mean) - 20_000) < 1);
    assert.ok(Math.abs(m2 - 2 * Math.log(2) ** 2) < 1e-9);
  });

  it('is counted once for an end that is told again, and can be forgotten', () => {
    const account = new Account();
    account.tell(finished(1, true, 'r gt-1'), finished(1, true, 'r gt-1'), finished(1, true, 'r gt-2'));
    assert.deepEqual(account.state.learned.success['test p m'], { passed: 2, failed: 0 });
    account.tell({ kind: 'forgotLearned' });
    assert.deepEqual(account.state.learned, { success: {}, sizes: {} });
  });
});
