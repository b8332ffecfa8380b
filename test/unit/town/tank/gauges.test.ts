import assert from 'node:assert/strict';
import type { TankNews } from '../../../../src/town/fuel.ts';
import { gaugeName, kindOf } from '../../../../src/town/gaugeKinds.ts';
import { tidyReading } from '../../../../src/town/tidyReading.ts';
import { Account, hour, minute, reading, second, start } from './account.ts';

const near = (is: number | null | undefined, be: number, by = 0.02): void => {
  assert.ok(
    typeof is === 'number' && Math.abs(is - be) <= Math.abs(be) * by + 1e-9,
    `${String(is)}, not ${String(be)}`,
  );
};

describe('a reading', () => {
  const tidied = (more: Parameters<typeof reading>[1], used: number | null = 0.5) =>
    tidyReading(reading(used, more), start);

  it('is known by its length, not by its place', () => {
    assert.equal(gaugeName('300m'), '5h');
    assert.equal(gaugeName('10080m'), 'weekly');
    assert.equal(gaugeName('77m'), '77m');
    assert.equal(kindOf('77m').window, 77 * minute);
    for (const name of ['', '5 h', 'toString', '0m', '-5m', '99999999m']) assert.equal(gaugeName(name), null);
  });

  it('above its limit, below nothing or of no number does no harm', () => {
    assert.equal(tidied({}, 1.4)?.used, 1);
    assert.equal(tidied({}, -3)?.used, 0);
    assert.equal(tidied({}, NaN), null);
    assert.equal(tidied({ capacity: NaN }, Infinity), null);
    assert.equal(tidied({}, null), null);
    assert.equal(tidied({ capacity: 2 ** 64 })?.capacity, null);
    assert.equal(tidied({ capacity: -5 })?.capacity, null);
    assert.equal(tidied({ gauge: 'balance', capacity: -5 }, null)?.capacity, 0);
    assert.equal(tidied({ model: 'x'.repeat(1_000) }), null);
  });

  it('whose reset has passed tells of a window that is over, and one weeks away is a clock that was set', () => {
    assert.equal(tidied({ resetsAt: start - 1 }), null);
    assert.equal(tidied({ resetsAt: NaN })?.resetsAt, null);
    assert.equal(tidied({ resetsAt: start + 21 * 24 * hour })?.resetsAt, start + 5 * hour);
    // One hour of daylight saving.
    assert.equal(tidied({ resetsAt: start + 6 * hour })?.resetsAt, start + 6 * hour);
  });
});

const limited: Extract<TankNews, { kind: 'limited' }> = {
  ...{ kind: 'limited', tank: 'claude-code', provider: 'claude' },
  ...{ gauge: null, model: null, until: null },
};

describe('a gauge', () => {
  let account: Account;
  const resetsAt = start + 4 * hour;
  beforeEach(() => {
    account = new Account();
  });

  it('is a guess until the vendor has spoken, and what the vendor does not show is dropped then', () => {
    account.draws(1, 8_800);
    assert.deepEqual([account.left('5h'), account.gauge('5h')?.certainty], [0.9, 'estimated']);
    near(account.left('weekly'), 1 - 8_800 / 500_000);
    account.reads(0.3, { resetsAt });
    near(account.left('5h'), 0.7);
    assert.equal(account.gauge('5h')?.certainty, 'measured');
    assert.equal(account.gauge('weekly'), undefined);
  });

  it('counts what a cache did not answer, whole sessions told as totals, each once', () => {
    account.reads(0.5, { capacity: 100_000, resetsAt });
    account.draws(1, 10_000);
    account.draws(1, 10_000);
    account.draws(1, 9_000);
    near(account.left('5h'), 0.4);
    account.draws(1, 15_000);
    account.draws(2, 5_000);
    near(account.left('5h'), 0.3);
  });

  it('counts a late last word once, and forgets a session that is over for long', () => {
    account.reads(0.5, { capacity: 100_000, resetsAt });
    account.reserve(1, null);
    account.draws(1, 10_000);
    account.release(1);
    account.draws(1, 11_000);
    near(account.left('5h'), 0.39);
    account.at += 7 * hour;
    account.draws(2, 1);
    assert.equal(Object.keys(account.state.counted).length, 1);
  });

  it('is full again at its reset without anybody saying so, and begins anew by the first that draws', () => {
    account.reads(0.9, { capacity: 100_000, resetsAt });
    account.at = resetsAt;
    assert.equal(account.left('5h'), 1);
    account.at += hour;
    account.draws(1, 20_000);
    near(account.left('5h'), 0.8);
    assert.equal(account.gauge('5h')?.resetsAt, account.at + 5 * hour);
  });

  it('of requests a minute fills up all the time', () => {
    account.reads(null, { gauge: 'requests/min', capacity: 60 });
    account.draws(1, 0, { requests: 60 });
    assert.equal(account.left('requests/min'), 0);
    account.at += 30 * second;
    near(account.left('requests/min'), 0.5);
    account.at += 30 * second;
    assert.equal(account.left('requests/min'), 1);
  });

  it('for one class of models is drawn from by these alone', () => {
    account.reads(0, { gauge: 'weekly', model: 'opus', capacity: 100 });
    account.draws(1, 50, { model: 'claude-sonnet-5' });
    assert.equal(account.left('weekly'), 1);
    account.draws(2, 50, { model: 'claude-opus-5' });
    assert.equal(account.left('weekly'), 0.5);
  });

  it('of money is as full as when it was last filled up', () => {
    const balance = (usd: number): void => {
      account.reads(null, { gauge: 'balance', capacity: usd });
    };
    balance(110);
    assert.equal(account.left('balance'), 1);
    balance(55);
    near(account.left('balance'), 0.5);
    balance(0);
    assert.equal(account.left('balance'), 0);
    balance(20);
    assert.deepEqual([account.left('balance'), account.gauge('balance')?.capacity], [1, 20]);
  });

  it('does not rise within a window by what a session that stands still heard long ago', () => {
    account.reads(0.5, { resetsAt, source: 'statusLine' });
    account.at += minute;
    account.reads(0.3, { resetsAt: resetsAt + second, source: 'statusLine' });
    near(account.left('5h'), 0.5);
    account.reads(0.3, { resetsAt, source: 'poll' });
    near(account.left('5h'), 0.7);
  });

  it('keeps few samples of a window, and none of the one before', () => {
    for (let used = 0; used <= 0.9; used += 0.004) {
      account.at += minute;
      account.reads(used, { resetsAt });
    }
    const { samples = [] } = account.gauge('5h') ?? {};
    assert.ok(samples.length > 20 && samples.length <= 64, String(samples.length));
    assert.equal(samples[0]?.left, 1);
    account.at = resetsAt + minute;
    account.reads(0.01, { resetsAt: resetsAt + 5 * hour });
    assert.equal(account.gauge('5h')?.samples.length, 1);
  });

  describe('whose size nobody said', () => {
    /** Rigs draws `each` before each reading, and the person a part of the whole that is `person`. */
    function day(capacity: number, each: number, person = 0): void {
      let used = 0;
      for (let turn = 1; used < 0.6; turn += 1) {
        account.at += minute;
        const idle = turn % 2 === 0;
        if (!idle) {
          account.draws(turn, each);
          used += each / capacity;
        }
        used += person;
        account.reads(Math.round(used * 100) / 100, { resetsAt });
      }
    }

    it('is measured by what was drawn from it', () => {
      day(2_000_000, 30_000);
      near(account.gauge('5h')?.capacity, 2_000_000, 0.06);
      assert.equal(account.gauge('5h')?.capacityCertainty, 'counted');
    });

    it('is measured beside what the person draws themselves', () => {
      day(2_000_000, 30_000, 0.005);
      near(account.gauge('5h')?.capacity, 2_000_000, 0.2);
    });

    it('is larger than its preset as soon as more was drawn than that', () => {
      account.reads(0.01, { resetsAt });
      account.draws(1, 80_000);
      account.at += minute;
      account.reads(0.02, { resetsAt });
      assert.ok((account.gauge('5h')?.capacity ?? 0) > 1_000_000);
    });
  });

  describe('that said no more', () => {
    it('is empty until then, is as large as what was drawn, and says so', () => {
      account.draws(1, 30_000);
      account.tell({ ...limited, gauge: '5h', until: start + hour });
      const { left, resetsAt: until, capacity, capacityCertainty, source } = account.gauge('5h') ?? {};
      assert.deepEqual([left, until, source], [0, start + hour, 'limitError']);
      assert.deepEqual([capacity, capacityCertainty], [30_000, 'counted']);
      account.at = start + hour;
      assert.equal(account.left('5h'), 1);
    });

    it('after next to nothing was drawn was drawn by the person, and is as large as it was', () => {
      account.draws(1, 300);
      account.tell({ ...limited, gauge: '5h', until: start + hour });
      assert.deepEqual([account.left('5h'), account.gauge('5h')?.capacity], [0, 88_000]);
    });

    it('is the one that lasts as long, where the vendor names none', () => {
      account.reads(0.9, { resetsAt });
      account.reads(0.8, { gauge: 'weekly', resetsAt: start + 48 * hour });
      account.tell({ ...limited, until: start + 48 * hour + minute });
      assert.deepEqual([account.left('weekly'), account.left('5h')?.toFixed(2)], [0, '0.10']);
      account.tell({ ...limited, until: start + minute });
      assert.equal(account.left('requests/min'), 0);
    });

    it('is no window of hours where an account has none, as that of a key', () => {
      const key = { kind: 'limited', tank: 'openai', provider: 'openai', gauge: null, model: null } as const;
      account.tell({ ...key, until: start + hour });
      assert.deepEqual(account.left('tokens/day', 'openai'), 0);
      account.tell({ ...limited, tank: 'a second Claude', until: start + hour });
      assert.deepEqual(account.left('5h', 'a second Claude'), 0);
    });

    it('and not until when is tried again in an hour, and one in the past in a minute', () => {
      account.tell({ ...limited, gauge: '5h' });
      assert.equal(account.gauge('5h')?.resetsAt, start + hour);
      account.tell({ ...limited, gauge: 'weekly', until: start - hour });
      assert.equal(account.gauge('weekly')?.resetsAt, start + minute);
    });

    it('is told by every session and kept once', () => {
      account.tell({ ...limited, gauge: '5h', until: start + hour });
      account.at += second;
      account.tell({ ...limited, gauge: '5h', until: start + hour }, { ...limited, gauge: '5h' });
      assert.equal(account.lines, 1);
    });
  });

  it('that a hundred status lines tell of is written down when it moves', () => {
    for (let line = 0; line < 100; line += 1) {
      account.at += second;
      account.reads(0.5, { resetsAt, source: 'statusLine' });
    }
    assert.equal(account.lines, 1);
    account.reads(0.52, { resetsAt, source: 'statusLine' });
    assert.equal(account.lines, 2);
    account.at += 10 * minute;
    account.reads(0.52, { resetsAt, source: 'statusLine' });
    assert.equal(account.lines, 3);
  });

  it('shows what a person says it does', () => {
    account.reads(0.9, { resetsAt });
    account.tell({ kind: 'set', tank: 'claude-code', gauge: null, left: 0.25 });
    assert.deepEqual([account.left('5h'), account.gauge('5h')?.resetsAt], [0.25, resetsAt]);
    account.tell({ kind: 'set', tank: 'claude-code', gauge: 'weekly', left: 7 });
    assert.equal(account.left('weekly'), 1);
  });

  it('is not asked for by names that are no names', () => {
    for (const tank of ['__proto__', 'constructor', 'x'.repeat(500)])
      account.tell({ kind: 'read', tank, provider: 'p', readings: [reading(0.5)] });
    assert.deepEqual(account.state.tanks, {});
  });
});
