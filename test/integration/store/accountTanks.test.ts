import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seal } from '../../../src/store/sealedLine.ts';
import { noBudgets } from '../../../src/town/budgets.ts';
import type { TankNews } from '../../../src/town/fuel.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import type { PriceRow } from '../../../src/town/prices.ts';
import { gaugeKey } from '../../../src/town/tank.ts';
import type { Account, WantedSession } from '../../../src/ports/account.ts';
import { AccountFolder, session } from './accountFolder.ts';
import { bytesIn, namesIn } from './rigFolder.ts';

const hour = 3_600_000;

describe("a person's tanks", () => {
  let person: AccountFolder;
  beforeEach(() => {
    person = new AccountFolder();
  });
  afterEach(() => person.remove());

  const reads = (used: number, capacity: number | null = 100_000): TankNews => {
    const reading = { gauge: '5h', model: null, used, capacity, resetsAt: person.clock.now() + 4 * hour };
    return {
      kind: 'read',
      tank: 'claude',
      provider: 'claude',
      readings: [{ ...reading, source: 'headers' }],
    };
  };
  const draws = (token: number, input: number): TankNews => ({
    ...{ kind: 'drew', rig: 'a', polecat: `nux-${String(token)}` as PolecatId, token, tank: 'claude' },
    ...{ provider: 'claude', model: 'sonnet', bead: 'gt-00001' as BeadId, convoy: null, type: 'test' },
    ...{ role: 'agent', usage: { input, cachedInput: 0, output: 0 }, requests: 1 },
  });
  const needing = (rig: string, token: number, tokens: number): WantedSession => ({
    ...session(rig, token),
    need: { tokens, requests: 1, usd: null, ms: 600_000 },
  });
  const left = async (account: Account): Promise<number | undefined> =>
    (await account.fuel()).tanks['claude']?.gauges[gaugeKey('5h', null)]?.left;

  it('are booked at the person’s own price where they have one, from the moment on at which they say it', async () => {
    const from = '2000-01-01';
    const rates = { input: 7, cached: null, output: 0 };
    let own: readonly PriceRow[] = [];
    const account = await person.open({ prices: () => own });
    const usd = async (): Promise<readonly (readonly [usd: number, unpriced: number])[]> =>
      Object.values((await account.ledger()).days).flatMap((day) =>
        Object.values(day).map(({ usd, unpriced }) => [usd, unpriced] as const),
      );
    await account.tell([draws(1, 1_000_000)]);
    assert.deepEqual(await usd(), [[0, 1_000_000]]);
    own = [{ providers: ['claude'], models: ['*'], from, rates, source: 'mine', read: from, own: true }];
    await account.tell([draws(1, 3_000_000)]);
    assert.deepEqual(await usd(), [[14, 1_000_000]]);
  });

  it('know in windows that open later, and in a new file, which agents run with a former key', async () => {
    const since = person.clock.now();
    await person.clock.advance(1_000);
    const refused: TankNews = {
      ...{ kind: 'refused', tank: 'claude', provider: 'claude', problem: 'auth', detail: 'No.', since },
    };
    const account = await person.open({ linesPerFile: 2 });
    await account.tell([{ kind: 'mended', tank: 'claude' }]);
    for (const used of [0.1, 0.3, 0.5, 0.7, 0.9]) await account.tell([reads(used)]);
    const later = await person.open({ linesPerFile: 2 });
    await later.tell([refused]);
    assert.equal((await later.fuel()).tanks['claude']?.problem, null);
    await later.tell([{ ...refused, since: person.clock.now() }]);
    const last = await person.open();
    assert.equal((await last.fuel()).tanks['claude']?.problem?.kind, 'auth');
  });

  it('keep what ended beads teach, and which of them measure what wording saves, for windows that open later', async () => {
    const account = await person.open();
    const measured = { rig: 'a', bead: 'gt-00001' as BeadId, trial: 'control' } as const;
    await account.tell([
      draws(1, 40_000),
      {
        ...{ kind: 'finished', once: 'a gt-00001 1', type: 'test', provider: 'claude', model: 'sonnet' },
        ...{ passed: true, tokens: 40_000, estimate: 20_000, measured },
      },
    ]);
    const [told, ledger] = [await account.fuel(), await account.ledger()];
    assert.deepEqual(told.savings, { worded: 0, control: 1, saving: null });
    const later = await person.open();
    assert.deepEqual(await later.ledger(), ledger);
    assert.deepEqual((await later.fuel()).learned, told.learned);
    assert.deepEqual((await later.fuel()).savings, told.savings);
  });

  it('tell what the assayer drew for a bead apart, also to a window that opens later', async () => {
    const usage = { input: 500, cachedInput: 20, output: 10 };
    const assayed = { ...draws(2, 500), role: 'assayer', usage } as TankNews;
    const account = await person.open({ linesPerFile: 2 });
    await account.tell([draws(1, 1_000)]);
    await account.tell([assayed]);
    await account.tell([assayed]);
    await account.tell([draws(1, 3_000)]);
    const later = await person.open();
    const [spent] = Object.values((await later.ledger()).beads);
    assert.deepEqual(
      [spent?.input, spent?.assayer?.input, spent?.assayer?.cachedInput, spent?.assayer?.output],
      [3_500, 500, 20, 10],
    );
  });

  it('are the same in all windows, and what one reserves the other misses, beside what the person draws', async () => {
    const [one, other] = [await person.open(), await person.open()];
    await one.tell([reads(0.2)]);
    assert.deepEqual(await one.reserve(needing('a', 1, 50_000), 9), { granted: true });
    const refused = await other.reserve(needing('b', 2, 50_000), 9);
    assert.ok('shortage' in refused && refused.shortage.kind === 'dry' && refused.shortage.gauge === '5h');
    assert.deepEqual(await other.reserve(needing('b', 3, 20_000), 9), { granted: true });
    assert.deepEqual(
      (await one.fuel()).draws.map(({ token, rest }) => [token, rest.tokens]),
      [
        [1, 50_000],
        [3, 20_000],
      ],
    );
    // The first ends with less than it needed; then the person draws half of it all.
    await one.tell([draws(1, 10_000)]);
    await one.release(session('a', 1));
    assert.equal((await left(other))?.toFixed(2), '0.70');
    await other.tell([reads(0.8)]);
    const again = await one.reserve(needing('a', 4, 20_000), 9);
    assert.ok('shortage' in again && again.shortage.kind === 'dry');
  });

  it('are never promised twice by windows that ask at the same moment', async () => {
    const [one, other] = [await person.open(), await person.open()];
    await one.tell([reads(0)]);
    const answers = await person.inTime(
      Promise.all(
        Array.from({ length: 12 }, (_, token) =>
          (token % 2 === 0 ? one : other).reserve(needing('a', token, 30_000), 99),
        ),
      ),
    );
    assert.equal(answers.filter(({ granted }) => granted).length, 3);
  });

  it('are drawn from by twenty agents in two windows within the budget, and by what ran when it was used up', async () => {
    const windows = [await person.open(), await person.open()];
    const limit = 100_000;
    const largest = 12_000;
    const budgets = { ...noBudgets, day: { tokens: limit, usd: null } };
    let [used, granted] = [0, 0];
    await person.inTime(
      Promise.all(
        Array.from({ length: 20 }, async (_, agent) => {
          const account = windows[agent % 2];
          for (let round = 0; round < 3 && account !== undefined; round += 1) {
            const token = 1 + agent * 3 + round;
            const what = needing('a', token, largest - agent * 100);
            if (!(await account.reserve(what, 99, budgets)).granted) return;
            granted += 1;
            // Promises are kept: each draws less than it was expected to.
            const drawn = 1_000 + ((agent * 7_919 + round * 104_729) % 9_000);
            used += drawn;
            await account.tell([draws(token, drawn)]);
            await account.release(session('a', token));
          }
        }),
      ),
    );
    assert.ok(used < limit + largest, `${String(used)} by ${String(granted)}`);
    const [one] = windows;
    const days = Object.values((await one?.ledger())?.days ?? {});
    assert.equal(
      days.flatMap((day) => Object.values(day)).reduce((sum, { input }) => sum + input, 0),
      used,
    );
    // Whatever is left, nothing begins beside promises that take it all.
    for (let token = 100; token < 140; token += 1)
      await windows[token % 2]?.reserve(needing('a', token, largest), 99, budgets);
    const { draws: running = [], spent = [] } = (await one?.fuel({ budgets, rig: 'a' })) ?? {};
    const promised = running.reduce((sum, { rest }) => sum + rest.tokens, 0);
    assert.ok(used + promised < limit + largest, `${String(used)} + ${String(promised)}`);
    assert.equal(spent.length, 1);
  });

  it('are found again as they were left, and what is told again counts once', async () => {
    const first = await person.open();
    await first.tell([
      reads(0.2),
      draws(1, 10_000),
      { kind: 'failed', tank: 'x', provider: 'x', detail: '' },
      { kind: 'asked', tank: 'x', provider: 'x', by: 'a 1' },
    ]);
    const before = await first.fuel();
    await first.close();
    const second = await person.open({ linesPerFile: 1 });
    assert.deepEqual(await second.fuel(), before);
    await second.tell([draws(1, 10_000), draws(1, 20_000)]);
    await second.rigSeen({ rig: 'a', root: '/', name: 'a' });
    assert.equal((await left(await person.open()))?.toFixed(2), '0.60');
  });

  it('write nothing down that says nothing new, and little when much is said', async () => {
    const account = await person.open({ linesPerFile: 20 });
    await account.tell([reads(0.2)]);
    const before = await bytesIn(person.folder, /^journal-/);
    for (let line = 0; line < 50; line += 1) await account.tell([reads(0.2)]);
    assert.deepEqual(await bytesIn(person.folder, /^journal-/), before);
    for (let used = 0; used < 150; used += 1) {
      await person.clock.advance(30_000);
      await account.tell([reads(used / 150), draws(used, 10)]);
    }
    const bytes = Object.values(await bytesIn(person.folder, /^journal-/)).join('').length;
    assert.ok(bytes < 100_000, String(bytes));
    assert.ok((await namesIn(person.folder, /^journal-/)).length <= 2);
  });

  it('take what makes no sense for nothing', async () => {
    const account = await person.open();
    const nameless: TankNews = { kind: 'throttled', tank: '__proto__', provider: 'p', model: 'm' };
    await account.tell([reads(NaN, null), reads(0.1, -1), nameless, draws(1, NaN)]);
    const { tanks } = await account.fuel();
    assert.deepEqual(Object.keys(tanks), ['claude']);
    assert.deepEqual(await (await person.open()).fuel(), await account.fuel());
  });

  it('are none in an account from before them, whose places are kept', async () => {
    await (await person.open()).close();
    const holder = { id: 'w', pid: 1, startTime: 's', boot: 'boot', pidSpace: 'space', machine: 'machine' };
    const at = person.clock.now();
    const place = { rig: 'a', polecat: 'nux-1', tank: 'claude', spool: null, agent: null, holder, at };
    const state = {
      reservations: { 'a nux-1 1': { ...place, token: 1 } },
      rigs: { a: { rig: 'a', root: '/work/shop', name: 'shop', at } },
      epochs: { a: 3 },
    };
    const made = { type: 'reservation.made', reservation: { ...place, polecat: 'nux-2', token: 2 } };
    const lines = [
      seal({ schema: 1, segment: 0, seq: 4, state }),
      seal({ v: 1, seq: 5, at, events: [made] }),
    ];
    await writeFile(join(person.folder, 'journal-0.jsonl'), lines.join(''));
    const account = await person.open();
    const held = await account.held();
    assert.deepEqual(
      held.map(({ token, model, need }) => [token, model, need]),
      [
        [1, '', null],
        [2, '', null],
      ],
    );
    assert.deepEqual(
      (await account.rigs()).map(({ name }) => name),
      ['shop'],
    );
    const none = { tanks: {}, draws: [], learned: { success: {}, sizes: {} }, spent: [] };
    assert.deepEqual(await account.fuel(), none);
    await account.tell([reads(0.2)]);
    assert.equal(await left(await person.open()), 0.8);
  });
});
