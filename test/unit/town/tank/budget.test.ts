import assert from 'node:assert/strict';
import {
  type AccountState,
  type Reservation,
  emptyAccount,
  foldAccount,
  fuelOf,
  reserve,
  tell,
} from '../../../../src/town/account.ts';
import { nearBudgets } from '../../../../src/town/budget.ts';
import { type Budgets, noBudget, noBudgets } from '../../../../src/town/budgets.ts';
import { type Need, type TankNews, learnedKey } from '../../../../src/town/fuel.ts';
import type { BeadId, ConvoyId, PolecatId } from '../../../../src/town/ids.ts';
import { spenderOf, spendingKey, spentOn } from '../../../../src/town/ledger.ts';
import { utcDay } from '../../../../src/town/price.ts';

const start = Date.parse('2026-11-20T12:00:00Z');
const dayMs = 24 * 3_600_000;
const holder = { id: 'w', pid: 1, startTime: 's', boot: 'b', pidSpace: 's', machine: 'm' };
const bead = 'gt-00001' as BeadId;
const convoy = 'cv-00001' as ConvoyId;
const need = (tokens: number): Need => ({ tokens, requests: 1, usd: tokens * 1e-5, ms: 60_000 });

class Person {
  at = start;
  state: AccountState = emptyAccount;

  tell(...news: readonly TankNews[]): void {
    this.state = tell(this.state, news, this.at).events.reduce(foldAccount, this.state);
  }

  draws(token: number, tokens: number, more: Partial<Extract<TankNews, { kind: 'drew' }>> = {}): void {
    this.tell({
      ...{ kind: 'drew', rig: 'r', polecat: 'nux-1' as PolecatId, token, tank: 'claude-code' },
      ...{ provider: 'claude', model: 'opus', bead, convoy, type: 'test', role: 'agent', requests: 1 },
      ...{ usage: { input: tokens, cachedInput: 0, output: 0 }, ...more },
    });
  }

  fuel(budgets: Partial<Budgets>, rig = 'r') {
    const asked = { budgets: { ...noBudgets, ...budgets }, rig, day: utcDay(this.at) };
    return fuelOf(this.state, Object.values(this.state.reservations), this.at, asked);
  }

  spent(budgets: Partial<Budgets>, rig = 'r'): readonly (readonly [string, string | null, number])[] {
    return this.fuel(budgets, rig).spent.map(({ scope, of, used }) => [scope, of, used] as const);
  }

  reserve(token: number, tokens: number, budgets: Partial<Budgets>, more: Partial<Reservation> = {}) {
    const place: Reservation = {
      ...{ rig: 'r', polecat: 'nux-1' as PolecatId, token, tank: 'claude-code', model: 'opus' },
      ...{ need: need(tokens), bead, convoy, spool: null, agent: null, holder, at: this.at, ...more },
    };
    const asked = { budgets: { ...noBudgets, ...budgets }, rig: place.rig, day: utcDay(this.at) };
    const { events, answer } = reserve(this.state, place, 99, [], asked);
    this.state = events.reduce(foldAccount, this.state);
    return answer.granted ? 'granted' : 'shortage' in answer ? answer.shortage.kind : 'limit';
  }
}

const tokens = (limit: number) => ({ tokens: limit, usd: null });
const usd = (limit: number) => ({ tokens: null, usd: limit });

describe('the ledger', () => {
  it('count what a provider draws whose name has blanks, and learn of it apart from others', () => {
    const person = new Person();
    person.draws(1, 900, { tank: 'my server', provider: 'my server' });
    person.draws(2, 50, { tank: 'my', provider: 'my' });
    const provider = { 'my server': { ...noBudget, tokens: 500 }, my: { ...noBudget, tokens: 500 } };
    assert.deepEqual(person.spent({ provider }), [['provider', 'my server', 900]]);
    assert.notEqual(learnedKey('test', 'a b', 'c'), learnedKey('test', 'a', 'b c'));
    assert.deepEqual(spenderOf(spendingKey('50%20 off', 'assayer')), {
      provider: '50%20 off',
      role: 'assayer',
    });
  });

  it('has what was drawn by bead, convoy, day, provider and role, and each total once', () => {
    const person = new Person();
    person.draws(1, 1_000);
    person.draws(1, 1_000);
    person.draws(1, 3_000);
    person.draws(2, 500, { role: 'assayer', provider: 'deepseek', model: 'nobody-knows', bead: null });
    const { ledger } = person.state;
    assert.deepEqual(ledger.beads['r gt-00001'], {
      ...{ input: 3_000, cachedInput: 0, output: 0, requests: 1, usd: 0.015, unpriced: 0, at: start },
    });
    assert.equal(ledger.convoys['r cv-00001']?.input, 3_500);
    assert.deepEqual(Object.keys(ledger.days['2026-11-20'] ?? {}), ['claude agent', 'deepseek assayer']);
    assert.equal(spentOn(ledger, '2026-11-20').unpriced, 500);
    assert.equal(spentOn(ledger, '2026-11-20', 'claude').usd, 0.015);
  });

  it('stays small: older days become months, and the oldest beads make way', () => {
    const person = new Person();
    for (let token = 1; token <= 700; token += 1) {
      person.draws(token, 10, { bead: `gt-${String(token).padStart(5, '0')}` as BeadId });
      person.at += dayMs / 4;
    }
    const { beads, days, months } = person.state.ledger;
    assert.ok(Object.keys(beads).length <= 500 && Object.hasOwn(beads, 'r gt-00700'));
    assert.equal(Object.keys(days).length, 90);
    const all = [...Object.values(days), ...Object.values(months)].flatMap((one) => Object.values(one));
    assert.equal(
      all.reduce((sum, { input }) => sum + input, 0),
      7_000,
    );
  });
});

describe('a budget', () => {
  const scopes: readonly (readonly [string, Partial<Budgets>, string | null])[] = [
    ['bead', { bead: tokens(1_000) }, bead],
    ['convoy', { convoy: tokens(1_000) }, convoy],
    ['day', { day: tokens(1_000) }, null],
    ['provider', { provider: { claude: tokens(1_000) } }, 'claude'],
    ['bead', { bead: usd(0.005) }, bead],
    ['convoy', { convoy: usd(0.005) }, convoy],
    ['day', { day: usd(0.005) }, null],
    ['provider', { provider: { claude: usd(0.005) } }, 'claude'],
  ];
  for (const [scope, budgets, of] of scopes)
    it(`of a ${scope} in ${JSON.stringify(budgets).includes('usd":null') ? 'tokens' : 'money'} lets nothing begin once it is used up`, () => {
      const person = new Person();
      person.draws(1, 900);
      assert.deepEqual(person.spent(budgets), []);
      assert.deepEqual(
        nearBudgets(person.fuel(budgets).budgets ?? []).map((one) => one.scope),
        [scope],
      );
      person.draws(1, 1_000);
      assert.deepEqual(
        person.spent(budgets).map(([what, whose]) => [what, whose]),
        [[scope, of]],
      );
      assert.equal(person.reserve(2, 10, budgets), 'budget');
      assert.equal(person.reserve(2, 10, {}), 'granted');
    });

  it('of a day is new on the next, and that of another rig’s bead is its own', () => {
    const person = new Person();
    person.draws(1, 1_000);
    const budgets = { day: tokens(1_000), bead: tokens(1_000) };
    assert.equal(person.spent(budgets).length, 2);
    assert.deepEqual(
      person.spent(budgets, 'other').map(([scope]) => scope),
      ['day'],
    );
    person.at += dayMs;
    assert.deepEqual(
      person.spent(budgets).map(([scope]) => scope),
      ['bead'],
    );
  });

  it('counts what running sessions may still draw, and gives back what they did not', () => {
    const person = new Person();
    const budgets = { convoy: tokens(1_000) };
    assert.equal(person.reserve(1, 900, budgets), 'granted');
    assert.equal(person.reserve(2, 900, budgets), 'granted');
    assert.equal(person.reserve(3, 1, budgets), 'budget');
    assert.deepEqual(person.spent(budgets), [['convoy', convoy, 0]]);
    assert.equal(person.reserve(3, 1, budgets, { convoy: 'cv-00002' as ConvoyId }), 'granted');
  });

  it('is raised for itself alone, once, and never lowered by it', () => {
    const person = new Person();
    const budgets = { bead: tokens(1_000), day: noBudget };
    person.draws(1, 1_200);
    const raise = (limit: number): TankNews => {
      return { kind: 'raised', rig: 'r', scope: 'bead', of: bead, day: null, unit: 'tokens', limit };
    };
    person.tell(raise(1_800));
    const before = person.state;
    person.tell(raise(1_800), raise(5), raise(NaN));
    assert.equal(person.state, before);
    assert.deepEqual(person.spent(budgets), []);
    person.draws(2, 5_000, { bead: 'gt-00002' as BeadId });
    assert.deepEqual(person.spent(budgets), [['bead', 'gt-00002', 5_000]]);
  });

  it('in money holds nothing against tokens whose price nobody knows', () => {
    const person = new Person();
    person.draws(1, 1e9, { model: 'default' });
    assert.deepEqual(person.spent({ day: usd(0.01) }), []);
    assert.deepEqual(person.spent({ day: tokens(1e9) }), [['day', null, 1e9]]);
  });
});
