import assert from 'node:assert/strict';
import fc from 'fast-check';
import { carrier, carry } from '../../../../src/town/carry.ts';
import type { Need } from '../../../../src/town/fuel.ts';
import { Account, hour, minute, need, start } from './account.ts';

const seat = { tank: 'claude-code', model: 'sonnet' };

describe('an account carries a session', () => {
  let account: Account;
  const capacity = 100_000;
  const resetsAt = start + 4 * hour;
  beforeEach(() => {
    account = new Account();
  });
  const asks = (what: Need) => carry(account.fuel, seat, what, account.at);

  it('that fits beside all that draw from it already, and says what is left then', () => {
    account.reads(0.2, { capacity, resetsAt });
    const answer = asks(need(30_000));
    assert.ok(answer.ok && Math.abs(answer.left - 0.5) < 1e-9);
    assert.equal(account.reserve(1, need(30_000)), null);
    assert.equal(account.reserve(2, need(30_000)), null);
    assert.deepEqual(account.reserve(3, need(30_000)), 'dry');
    assert.deepEqual(account.reserve(4, need(20_000)), null);
  });

  it('beside what others still need, not beside what they drew', () => {
    account.reads(0.2, { capacity, resetsAt });
    account.reserve(1, need(50_000));
    account.draws(1, 30_000);
    // 20,000 are not drawn yet; who took so much is taken to need as much again.
    assert.equal(asks(need(21_000)).ok, false);
    assert.equal(asks(need(19_000)).ok, true);
    account.release(1);
    assert.equal(asks(need(39_000)).ok, true);
  });

  it('of which only a part falls before its reset, from the instant on at which that part fits', () => {
    account.reads(0.8, { capacity, resetsAt });
    const what = need(40_000, hour);
    const answer = asks(what);
    assert.ok(!answer.ok && answer.why.kind === 'dry' && answer.why.gauge === '5h');
    // 20,000 are drawn in half an hour.
    assert.equal(answer.why.from, resetsAt - hour / 2);
    account.at = resetsAt - hour / 2;
    assert.equal(asks(what).ok, true);
  });

  it('and none more before a reset than the window after it carries', () => {
    account.reads(0.8, { capacity, resetsAt });
    account.at = resetsAt - minute;
    const granted = [1, 2, 3, 4, 5].map((token) => account.reserve(token, need(40_000, hour)));
    assert.deepEqual(granted, [null, null, 'dry', 'dry', 'dry']);
  });

  it('only if each of its gauges does, and the last of them says from when', () => {
    account.reads(0.9, { capacity, resetsAt });
    account.reads(0.99, { gauge: 'weekly', capacity: 500_000, resetsAt: start + 50 * hour });
    account.reads(0.1, { gauge: 'weekly', model: 'opus', capacity: 500_000, resetsAt: start + 50 * hour });
    const answer = asks(need(20_000));
    assert.ok(!answer.ok && answer.why.gauge === 'weekly' && (answer.why.from ?? 0) > start + 49 * hour);
  });

  it('beside what the person draws themselves while it runs', () => {
    for (let turn = 0; turn <= 30; turn += 1) {
      account.at += minute;
      account.reads(0.2 + turn * 0.01, { capacity, resetsAt });
    }
    // Half is left, and the person draws 60 % of it all within the hour.
    assert.equal(asks(need(20_000, 10 * minute)).ok, true);
    assert.equal(asks(need(20_000, hour)).ok, false);
  });

  it('where it is a guess, one at a time beyond what was guessed, until its vendor gave twice as much', () => {
    assert.deepEqual(
      [1, 2].map((token) => account.reserve(token, need(60_000))),
      [null, 'probing'],
    );
    account.draws(1, 60_000);
    assert.equal(account.reserve(2, need(60_000)), 'probing');
    account.draws(1, 180_000);
    assert.deepEqual(
      [2, 3].map((token) => account.reserve(token, need(60_000))),
      [null, null],
    );
    account.reads(1, { capacity, resetsAt });
    assert.equal(account.reserve(4, need(60_000)), 'dry');
  });

  it('where its vendor says a fraction of nobody knows how much, one at a time once it may not do', () => {
    account.reads(0.1, { resetsAt }, 'other');
    const grants = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((token) => account.reserve(token, need(60_000), 'other'));
    assert.deepEqual([grants[0], grants[8]], [null, 'probing']);
    account.reads(0.99, { resetsAt }, 'third');
    assert.deepEqual(
      [21, 22].map((token) => account.reserve(token, need(60_000), 'third')),
      [null, 'probing'],
    );
    account.reads(1, { resetsAt }, 'fourth');
    assert.equal(account.reserve(31, need(1), 'fourth'), 'dry');
  });

  it('that takes more than a whole window on a full one, alone', () => {
    account.reads(0.1, { capacity, resetsAt });
    assert.equal(account.reserve(1, need(150_000)), 'dry');
    account.at = resetsAt;
    assert.equal(account.reserve(1, need(150_000)), null);
    assert.equal(account.reserve(2, need(1_000)), 'dry');
  });

  it('of a price that nobody knows from a balance one at a time, and of a known one by its money', () => {
    account.reads(null, { gauge: 'balance', capacity: 3 }, 'paid');
    assert.deepEqual(
      [1, 2].map((token) => account.reserve(token, need(1), 'paid')),
      [null, 'probing'],
    );
    account.release(1);
    const priced = { ...need(1), usd: 2 };
    assert.deepEqual(
      [3, 4].map((token) => account.reserve(token, priced, 'paid')),
      [null, 'dry'],
    );
  });

  it('within as many at once as its vendor allows', () => {
    account.reads(null, { gauge: 'concurrency', capacity: 2 }, 'few');
    assert.deepEqual(
      [1, 2, 3].map((token) => account.reserve(token, need(1), 'few')),
      [null, null, 'pace'],
    );
  });

  it('however slow its rate makes it alone, and no second one beyond that rate', () => {
    account.reads(null, { gauge: 'tokens/min', capacity: 1_000 }, 'slow');
    assert.deepEqual(
      [1, 2].map((token) => account.reserve(token, need(60_000), 'slow')),
      [null, 'pace'],
    );
  });

  it('of which nothing is known, and whose need nobody knows', () => {
    assert.deepEqual(carry(account.fuel, { tank: 'new', model: 'm' }, need(1), start), {
      ...{ ok: true, left: 1, gauge: null },
    });
    account.reads(1, { resetsAt });
    assert.equal(account.reserve(1, null), null);
  });

  it('not where a budget of the day or of its provider is spent', () => {
    account.reads(0, { capacity, resetsAt });
    const budget = { unit: 'usd', limit: 5, used: 5 } as const;
    const kindWith = (scope: 'day' | 'provider', of: string | null): string => {
      const answer = carry({ ...account.fuel, spent: [{ ...budget, scope, of }] }, seat, need(1), start);
      return answer.ok ? 'carried' : answer.why.kind;
    };
    assert.equal(kindWith('day', null), 'budget');
    assert.equal(kindWith('provider', 'claude'), 'budget');
    assert.equal(kindWith('provider', 'codex'), 'carried');
  });

  it('beside what was decided a moment ago', () => {
    account.reads(0, { capacity, resetsAt });
    const carries = carrier(account.fuel, account.at);
    assert.equal(carries(seat, need(60_000)).ok, true);
    assert.equal(carries(seat, need(60_000)).ok, true);
    carries.reserve(seat, need(60_000));
    assert.equal(carries(seat, need(60_000)).ok, false);
    assert.equal(carries(seat, need(40_000)).ok, true);
  });
});

describe('whatever happens, what was allowed on a window of known size', () => {
  type Act =
    | { readonly kind: 'launch'; readonly tokens: number; readonly minutes: number }
    | { readonly kind: 'pass'; readonly minutes: number }
    | { readonly kind: 'tell'; readonly lag: boolean };
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.record({
      kind: fc.constant('launch' as const),
      tokens: fc.integer({ min: 1, max: 60_000 }),
      minutes: fc.integer({ min: 1, max: 400 }),
    }),
    fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 0, max: 200 }) }),
    fc.record({ kind: fc.constant('tell' as const), lag: fc.boolean() }),
  );

  /** Sessions draw evenly; what was told of them may be as old as it likes. The vendor's window, seen from outside. */
  it('never exceeds what it holds', () => {
    const capacity = 100_000;
    const length = 5 * hour;
    let allowed = 0;
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => {
        const account = new Account();
        const running = new Map<number, { from: number; ms: number; tokens: number }>();
        let [windowEnd, used, token] = [start + length, 0, 0];
        account.reads(0, { capacity, resetsAt: windowEnd });
        const drawnOf = (one: { from: number; ms: number; tokens: number }, at: number): number =>
          (one.tokens * Math.min(one.ms, at - one.from)) / one.ms;
        const passTo = (to: number): void => {
          for (let at = account.at; at < to;) {
            const next = Math.min(to, windowEnd);
            for (const one of running.values()) used += drawnOf(one, next) - drawnOf(one, at);
            assert.ok(used <= capacity + 0.1, `${String(used)} of ${String(capacity)}`);
            at = next;
            account.at = at;
            if (at === windowEnd) {
              [used, windowEnd] = [0, windowEnd + length];
              account.reads(0, { capacity, resetsAt: windowEnd });
            }
          }
          for (const [key, one] of running) {
            if (account.at - one.from < one.ms) continue;
            account.draws(key, one.tokens);
            account.release(key);
            running.delete(key);
          }
        };
        for (const one of acts) {
          if (one.kind === 'pass') passTo(account.at + one.minutes * minute);
          if (one.kind === 'tell') {
            if (!one.lag) for (const [key, it] of running) account.draws(key, drawnOf(it, account.at));
            account.reads(used / capacity, { capacity, resetsAt: windowEnd, source: 'poll' });
          }
          if (one.kind === 'launch') {
            token += 1;
            const ms = one.minutes * minute;
            if (account.reserve(token, need(one.tokens, ms)) !== null) continue;
            allowed += 1;
            running.set(token, { from: account.at, ms, tokens: one.tokens });
          }
        }
        passTo(account.at + 2 * length);
      }),
      { numRuns: 120 },
    );
    assert.ok(allowed > 150, String(allowed));
  });
});
