import { strict as assert } from 'node:assert';
import { noBudgets } from '../../../src/town/budgets.ts';
import type { TankNews } from '../../../src/town/fuel.ts';
import type { Doing } from '../../../src/town/polecat.ts';
import { World } from './world.ts';

describe("a person's accounts", () => {
  let world: World;

  beforeEach(async () => {
    world = await World.ready();
  });
  afterEach(() => world.foreman.close());

  const told = <K extends TankNews['kind']>(kind: K): readonly Extract<TankNews, { kind: K }>[] =>
    world.account.told.filter((one): one is Extract<TankNews, { kind: K }> => one.kind === kind);

  /** Says of an account that it is used up until then. */
  async function usedUp(tank: string, until: number): Promise<void> {
    await world.account.tell([{ kind: 'limited', tank, provider: tank, gauge: '5h', model: null, until }]);
  }

  function saw(bead: Parameters<World['polecat']>[0], doing: Doing): Promise<unknown> {
    const { id, token } = world.polecat(bead);
    return world.foreman.sightings.see({ polecat: id, token }, { kind: 'doing', doing });
  }

  it('are told what a bead drew, once for each answer, and what came of it', async () => {
    const bead = await world.sling('First');
    await world.until(() => world.polecat(bead).state === 'working');
    const { id: polecat, token } = world.polecat(bead);
    for (const output of [10, 25]) {
      const usage = { input: 100, cachedInput: 5, output };
      await world.foreman.wish({ type: 'countUsage', polecat, token, usage });
    }
    await world.work(bead, ['a.js']);
    await world.reaches(bead, 'completed');
    await world.settle();
    assert.deepEqual(
      told('drew').map(({ bead: of, usage, requests }) => [of, usage.output, requests]),
      [
        [bead, 10, 1],
        [bead, 25, 2],
      ],
    );
    assert.deepEqual(
      told('finished').map(({ passed, tokens }) => [passed, tokens]),
      [[true, 125]],
    );
  });

  it('have their tokens priced by what the person says before what is known', async () => {
    const { provider, model } = world.foreman.facts.seats[0] ?? { provider: '', model: '' };
    const price = (): number | undefined => world.foreman.facts.prices?.[`${provider} ${model}`];
    assert.equal(price(), undefined);
    const rates = { input: 1, cached: 0, output: 0 };
    const from = '2000-01-01';
    world.prices = [
      { providers: [provider], models: ['*'], from, rates, source: 'mine', read: from, own: true },
    ];
    await world.foreman.refresh();
    // Of the tokens that are new to it, four in five are input.
    assert.equal(price()?.toFixed(9), '0.000000800');
  });

  it('are not used up by a vendor that is overloaded, and are by a limit', async () => {
    const bead = await world.sling('First');
    await world.until(() => world.polecat(bead).state === 'working');
    const until = world.clock.now() + 60_000;
    await saw(bead, { kind: 'overloaded', until, detail: null });
    assert.deepEqual([told('throttled').length, told('limited').length], [1, 0]);
  });

  it('start what waited soon after any window told them of a reset, not at the next heartbeat', async () => {
    await usedUp('p', world.clock.now() + 3_600_000);
    await world.clock.advance(600);
    const bead = await world.sling('First');
    await world.clock.advance(600);
    assert.equal(world.bead(bead).status, 'queued');
    const reading = { gauge: '5h', model: null, used: 0.1, resetsAt: world.clock.now() + 3_600_000 };
    const readings = [{ ...reading, capacity: 10_000_000, source: 'headers' as const }];
    await world.account.tell([{ kind: 'read', tank: 'p', provider: 'p', readings }]);
    await world.clock.advance(600);
    assert.notEqual(world.bead(bead).status, 'queued');
  });

  it('say no to a launch that another window was quicker for, whose bead waits and loses nothing', async () => {
    const until = world.clock.now() + 600_000;
    const { account } = world;
    const fuel = account.fuel.bind(account);
    // What its dispatch knows is older than what the account knows.
    account.fuel = async () => ({ ...(await fuel()), tanks: {} });
    await usedUp('p', until);
    const bead = await world.sling('First');
    await world.until(() => world.polecat(bead).session === null && world.polecat(bead).limit !== null);
    assert.equal(world.polecat(bead).limit?.until, until);
    assert.deepEqual([world.bead(bead).deaths, world.processes.opened.length], [0, 0]);
    account.fuel = fuel;
    // Those that wait for one reset do not all go at its very instant.
    await world.clock.advance(720_000);
    await world.until(() => world.polecat(bead).state === 'working');
  });

  it('whose budget is used up has its work make way with everything kept, until a person raises it', async () => {
    world.budgets = { ...noBudgets, day: { tokens: 1_000, usd: null } };
    const bead = await world.sling('First');
    await world.until(() => world.polecat(bead).state === 'working');
    const { id: polecat, token, worktree } = world.polecat(bead);
    const draws = (input: number): Promise<unknown> =>
      world.foreman.wish({
        ...{ type: 'countUsage', polecat, token, usage: { input, cachedInput: 0, output: 0 } },
      });
    const said = () => world.memory.feed.filter(({ what }) => what === 'budget.near');
    await draws(900);
    await world.beat();
    assert.equal(said().length, 1);
    await draws(1_000);
    await world.beat();
    const asked = () =>
      Object.values(world.foreman.state.asks).find(({ subject }) => subject.kind === 'budget');
    await world.until(() => asked() !== undefined && world.polecat(bead).session === null);
    assert.equal(world.foreman.state.beads[bead]?.status, 'in_progress');
    assert.equal(world.polecat(bead).worktree, worktree);
    assert.equal(world.foreman.why(bead)?.code, 'budget_spent');
    assert.equal(said().length, 1);
    const ask = asked()?.id;
    assert.ok(ask !== undefined);
    await world.foreman.wish({ type: 'answerAsk', ask, answer: 'allow' });
    await world.beat();
    await world.until(() => world.polecat(bead).session !== null);
    assert.deepEqual(
      told('raised').map(({ scope, limit }) => [scope, limit]),
      [['day', 1_500]],
    );
    await world.work(bead, ['a.js']);
    await world.reaches(bead, 'completed');
  });
});
