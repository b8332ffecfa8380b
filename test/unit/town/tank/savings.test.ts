import assert from 'node:assert/strict';
import { emptyAccount, foldAccount, fuelOf, tell } from '../../../../src/town/account.ts';
import type { Trial } from '../../../../src/town/bead.ts';
import type { TankNews } from '../../../../src/town/fuel.ts';
import type { BeadId, PolecatId } from '../../../../src/town/ids.ts';
import { type BeadSpending, noSpending } from '../../../../src/town/ledger.ts';
import {
  type Savings,
  fewestBeads,
  isControl,
  savingsOf,
  studentAt975,
} from '../../../../src/town/savings.ts';
import { savingsBrief, savingsWords } from '../../../../src/words/savings.ts';
import { plainEnglish } from '../../../../src/words/translate.ts';
import { beadIdOf } from '../../../fakes/events.ts';

/** Numbers from 0 to 1, the same every time (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sizes that are no logarithm's normal: most beads are small, one in five is a long haul, none is below its frame. */
function sizes(random: () => number): () => number {
  return () => 4_000 - (random() < 0.8 ? 20_000 : 120_000) * Math.log(1 - random());
}

function measured(worded: readonly number[], control: readonly number[]): Savings {
  const entries = (trial: Trial, all: readonly number[]): readonly [string, BeadSpending][] =>
    all.map((tokens, at) => [`${trial} ${String(at)}`, { ...noSpending, input: tokens, at, trial }]);
  return savingsOf({
    beads: Object.fromEntries([...entries('worded', worded), ...entries('control', control)]),
  });
}

/** `rounds` measurements of a wording that leaves this part of what a bead draws. */
function rounds(
  part: number,
  counts: readonly [worded: number, control: number],
  seed: number,
): readonly Savings[] {
  const random = numbers(seed);
  const size = sizes(random);
  const many = (count: number, times: number): readonly number[] =>
    Array.from({ length: count }, () => times * size());
  return Array.from({ length: 500 }, () => measured(many(counts[0], part), many(counts[1], 1)));
}

const part = (all: readonly Savings[], holds: (one: Savings) => boolean): number =>
  all.filter(holds).length / all.length;

describe('what wording saves', () => {
  const twenty = Array.from({ length: 20 }, (_, at) => 20_000 + at * 1_000);

  it('is not claimed before there are enough beads of both kinds', () => {
    const short = twenty.slice(0, fewestBeads - 1);
    for (const [worded, control] of [
      [twenty, short],
      [short, twenty],
      [[], []],
      [twenty, []],
    ] as const)
      assert.deepEqual(measured(worded, control), {
        worded: worded.length,
        control: control.length,
        saving: null,
      });
    assert.notEqual(measured(twenty, twenty.slice(0, fewestBeads)).saving, null);
  });

  it('counts only beads that were drawn for it, completed, and whose tokens are known', () => {
    const at = 1;
    const spent = { ...noSpending, at };
    const beads: Readonly<Record<string, BeadSpending>> = {
      a: { ...spent, input: 10, output: 5, trial: 'worded' },
      b: { ...spent, input: 10 },
      c: { ...spent, requests: 3, trial: 'control' },
    };
    const found = savingsOf({ beads });
    assert.deepEqual([found.worded, found.control], [1, 0]);
  });

  it('lies within its interval in 95 of 100 measurements, also of sizes that are not as it takes them to be', () => {
    for (const counts of [
      [90, 10],
      [150, 20],
      [30, 30],
    ] as const) {
      const all = rounds(0.8, counts, 11);
      const within = part(all, ({ saving }) => saving !== null && saving.low <= 0.2 && 0.2 <= saving.high);
      assert.ok(within > 0.92 && within < 0.98, `${counts.join(' and ')}: ${String(within)}`);
    }
  });

  it('is hardly ever claimed where there is none, and seen where it is large', () => {
    const claimed = ({ saving }: Savings): boolean => saving !== null && saving.low > 0;
    const none = part(rounds(1, [200, 25], 5), claimed);
    assert.ok(none < 0.05, String(none));
    const large = part(rounds(0.4, [200, 25], 6), claimed);
    assert.ok(large > 0.9, String(large));
  });

  it('has an interval also where all beads are alike', () => {
    const alike = twenty.map(() => 20_000);
    const { saving } = measured(
      alike.map((one) => one / 2),
      alike,
    );
    assert.deepEqual(
      [saving?.saved, saving?.low, saving?.high].map((one) => one?.toFixed(9)),
      ['0.500000000', '0.500000000', '0.500000000'],
    );
  });

  it('takes the tails of Student’s t from the table', () => {
    for (const [freedom, value] of [
      [9, 2.26216],
      [12.5, 2.16923],
      [30, 2.04227],
      [1e9, 1.95996],
    ] as const)
      assert.ok(Math.abs(studentAt975(freedom) - value) < 2e-4, String(studentAt975(freedom)));
  });

  it('counts the wording’s own tokens against it, and beads of agents that tell none not at all', () => {
    const bead = beadIdOf(1);
    const drew = (role: 'agent' | 'assayer', token: number, tokens: number): TankNews => ({
      ...{ kind: 'drew', rig: 'r', polecat: 'nux-1' as PolecatId, token, tank: 't', provider: 'p' },
      ...{ model: 'm', bead, convoy: null, type: 'test', role, requests: 1 },
      usage: { input: tokens, cachedInput: 0, output: 0 },
    });
    const finished: TankNews = {
      ...{ kind: 'finished', once: 'r 1', type: 'test', provider: 'p', model: 'm', passed: true },
      ...{ tokens: 9_000, measured: { rig: 'r', bead, trial: 'worded' } },
    };
    const state = [
      drew('assayer', 0, 1_000),
      drew('agent', 1, 9_000),
      finished,
      drew('agent', 1, 9_500),
    ].reduce((sofar, news) => tell(sofar, [news], 1).events.reduce(foldAccount, sofar), emptyAccount);
    const { input, trial } = state.ledger.beads[`r ${bead}`] ?? {};
    assert.deepEqual([input, trial], [10_500, 'worded']);
    assert.deepEqual(fuelOf(state, [], 1).savings, { worded: 1, control: 0, saving: null });
    const nothing = tell(emptyAccount, [finished], 1).events.reduce(foldAccount, emptyAccount);
    assert.deepEqual([nothing.ledger.beads, fuelOf(nothing, [], 1).savings], [{}, undefined]);
  });
});

describe('which beads stay as they were worded', () => {
  const ids: readonly BeadId[] = Array.from({ length: 20_000 }, (_, at) => beadIdOf(at * 2_003));

  it('is as large a part of them as the person wants', () => {
    for (const share of [0, 0.1, 0.5, 1]) {
      const found = ids.filter((bead) => isControl(bead, share)).length / ids.length;
      assert.ok(Math.abs(found - share) < 0.01, `${String(share)}: ${String(found)}`);
    }
  });

  it('is the same for ever for one bead, and one that stays at a small part stays at a larger one', () => {
    const control = ids.filter((bead) => isControl(bead, 0.1));
    assert.ok(control.every((bead) => isControl(bead, 0.1) && isControl(bead, 0.2)));
  });
});

describe('a saving in words', () => {
  const counts = { worded: 90, control: 12 };
  const lines: readonly (readonly [Savings, RegExp])[] = [
    [{ worded: 0, control: 0, saving: null }, /^$/],
    [{ worded: 90, control: 3, saving: null }, /^Nothing can be said yet: 90 worded .* and 3 .*, 10 of each/],
    [
      { ...counts, saving: { saved: 0.2, low: 0.05, high: 0.33 } },
      /^20% fewer tokens a bead, between 5% and 33%/,
    ],
    [
      { ...counts, saving: { saved: 0.1, low: -0.08, high: 0.25 } },
      /^No saving is proven: between 8% more and 25% fewer/,
    ],
    [
      { ...counts, saving: { saved: -0.2, low: -0.4, high: -0.04 } },
      /^20% more tokens a bead, between 4% and 40%/,
    ],
  ];
  it('is said in a few words where there is little room', () => {
    assert.deepEqual(
      lines.slice(1).map(([savings]) => savingsBrief(savings, plainEnglish)),
      ['too few beads yet', '20% fewer tokens', 'no saving proven', '20% more tokens'],
    );
  });
  for (const [savings, line] of lines)
    it(`is ${line.source}`, () => {
      assert.match(savingsWords(savings, plainEnglish), line);
    });
});
