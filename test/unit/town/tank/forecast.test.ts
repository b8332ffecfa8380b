import assert from 'node:assert/strict';
import { foreignBurn } from '../../../../src/town/burn.ts';
import { type Forecast, forecastOf } from '../../../../src/town/forecast.ts';
import { Account, hour, minute } from './account.ts';

describe('a forecast', () => {
  let account: Account;
  let resetsAt: number;
  beforeEach(() => {
    account = new Account();
    resetsAt = account.at + 5 * hour;
  });

  function after(minutes: number, used: (minute: number) => number): Forecast | null {
    const from = account.at;
    for (let turn = 0; turn <= minutes; turn += 2) {
      account.at = from + turn * minute;
      account.reads(used(turn), { resetsAt });
    }
    const gauge = account.gauge('5h');
    return gauge === undefined ? null : forecastOf(gauge, account.at);
  }
  const percents = (used: number): number => Math.floor(used * 100) / 100;
  const near = (is: number | null | undefined, be: number, by: number): void => {
    assert.ok(typeof is === 'number' && Math.abs(is - be) <= by, `${String(is)}, not ${String(be)}`);
  };

  it('says when it is dry, or what is left at the reset', () => {
    const quick = after(60, (at) => (0.4 * at) / 60);
    near(quick?.burn, 0.4, 0.01);
    near(quick?.dryAt?.likely, account.at + 1.5 * hour, 3 * minute);
    assert.equal(quick?.leftAtReset, 0);
    assert.ok((quick.dryAt?.earliest ?? 0) < (quick.dryAt?.likely ?? 0));
    account = new Account();
    const slow = after(60, (at) => (0.1 * at) / 60);
    assert.equal(slow?.dryAt, null);
    near(slow.leftAtReset, 0.5, 0.02);
  });

  it('is not misled by vendors that round to whole percents', () => {
    const steps = after(90, (at) => percents((0.07 * at) / 60));
    near(steps?.burn, 0.07, 0.015);
    assert.ok((steps?.spread ?? 0) > 0.0005);
  });

  it('is not misled by one wrong reading', () => {
    near(after(60, (at) => (at === 30 ? 0.19 : 0.1) + (0.2 * at) / 60)?.burn, 0.2, 0.03);
  });

  it('goes by what was lately rather than by what was', () => {
    const calm = after(120, (at) => (at < 80 ? 0 : (0.5 * (at - 80)) / 60));
    assert.ok((calm?.burn ?? 0) > 0.25, String(calm?.burn));
  });

  it('knows what Rigs drew since the last reading', () => {
    after(30, (at) => (0.1 * at) / 60);
    const before = account.gauge('5h');
    account.at += 10 * minute;
    account.draws(1, 40_000);
    const now = account.gauge('5h');
    assert.ok(before !== undefined && now !== undefined);
    assert.ok((forecastOf(now, account.at)?.burn ?? 0) > (forecastOf(before, account.at)?.burn ?? 0) + 0.1);
  });

  it('is none of what was hardly heard of, and of nothing drawn says nothing is burnt', () => {
    assert.equal(
      after(2, () => 0.1),
      null,
    );
    account = new Account();
    const still = after(60, () => 0.3);
    assert.deepEqual([still?.burn, still?.dryAt], [0, null]);
    assert.equal(still?.leftAtReset, 0.7);
  });

  it('tells what the person draws from what Rigs draws', () => {
    const capacity = 1_000_000;
    for (let turn = 1; turn <= 60; turn += 1) {
      account.at += minute;
      account.draws(1, turn * 4_000);
      account.reads(percents((turn * 4_000) / capacity + (turn * 0.1) / 60), { resetsAt, capacity });
    }
    const gauge = account.gauge('5h');
    assert.ok(gauge !== undefined);
    near(foreignBurn(gauge), 0.1, 0.02);
    near(forecastOf(gauge, account.at)?.burn, 0.34, 0.02);
  });

  it('takes nothing for the person that rounding makes', () => {
    for (let turn = 1; turn <= 60; turn += 1) {
      account.at += minute;
      account.draws(1, turn * 4_000);
      account.reads(percents(turn * 0.004), { resetsAt, capacity: 1_000_000 });
    }
    const gauge = account.gauge('5h');
    assert.ok(gauge !== undefined);
    assert.equal(foreignBurn(gauge), 0);
  });
});
