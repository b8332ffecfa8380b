import { strict as assert } from 'node:assert';
import type { FreePoll } from '../../../src/ports/agents.ts';
import { ModelError } from '../../../src/ports/models.ts';
import type { TankNews } from '../../../src/town/fuel.ts';
import { Polling } from '../../../src/foreman/polling.ts';
import { askTanks } from '../../../src/foreman/askTanks.ts';
import type { Reading } from '../../../src/town/tank.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import { settled } from '../../fakes/manualClock.ts';
import { World } from './world.ts';

const minute = 60_000;
const p = { tank: 'p', provider: 'p' };
const failed: TankNews = { kind: 'failed', ...p, detail: 'HTTP 500' };
const window: Reading = {
  ...{ gauge: '5h', model: null, used: 0.4, capacity: null, resetsAt: null, source: 'poll' },
};

/** Asks an account of models for nothing: what it says, or why it does not. */
class Asked {
  times = 0;
  says: readonly Reading[] | ModelError = [];
  readonly polls = (more: Partial<FreePoll> = {}): Promise<readonly FreePoll[]> =>
    Promise.resolve([{ ...p, name: 'P', admits: true, ask: () => this.#ask(), ...more }]);

  #ask(): Promise<readonly Reading[]> {
    this.times += 1;
    return this.says instanceof ModelError ? Promise.reject(this.says) : Promise.resolve(this.says);
  }
}

describe('an account that failed several times', () => {
  let asked: Asked;
  let world: World;

  beforeEach(async () => {
    asked = new Asked();
    world = await World.ready({ polls: () => asked.polls() });
    await world.account.tell([failed, failed, failed]);
    await world.beat();
  });
  afterEach(() => world.foreman.close());

  const breaker = async (): Promise<number | null> =>
    (await world.account.fuel()).tanks['p']?.breaker.until ?? null;

  it('is asked once its trial is up, by one of all windows, and works again if it answers', async () => {
    const bead = await world.sling('First');
    await world.beat();
    assert.equal(world.foreman.why(bead)?.code, 'tank_breaker');
    assert.equal(asked.times, 0);
    const { clock, account } = world;
    const other = new Polling(
      {
        ...{ clock, account, rig: 'other', epoch: 1, say: () => undefined },
        agents: fakeAgents({ polls: () => asked.polls() }),
      },
      new AbortController().signal,
    );
    await world.clock.advance(minute + 1);
    await other.over(await account.fuel());
    await world.beat();
    await other.ended();
    await world.until(() => world.polecat(bead).state === 'working');
    assert.equal(asked.times, 1);
    assert.equal(await breaker(), null);
  });

  it('is left alone for twice as long if it does not, and no work is sent to find out', async () => {
    asked.says = new ModelError('connection', 'No.');
    const bead = await world.sling('First');
    await world.clock.advance(minute + 1);
    await world.beat();
    await world.beat();
    assert.equal(asked.times, 1);
    const rest = ((await breaker()) ?? 0) - world.clock.now();
    assert.ok(rest > 1.5 * minute && rest <= 2 * minute, String(rest));
    assert.equal(world.foreman.state.beads[bead]?.polecat, null);
  });

  it('is tried with work where its vendor tells nothing, or too late', async () => {
    asked.says = new ModelError('limit', 'Too many.');
    const bead = await world.sling('First');
    await world.clock.advance(minute + 1);
    await world.beat();
    assert.equal(world.foreman.state.beads[bead]?.polecat, null);
    await world.clock.advance(20_000);
    await world.until(() => world.polecat(bead).state === 'working');
  });

  it('is not judged by a list of models that is kept from it: work finds out', async () => {
    const bead = await world.sling('First');
    asked.says = new ModelError('overloaded', 'Not this list.');
    const before = await breaker();
    await world.clock.advance(minute + 1);
    await world.beat();
    assert.equal(asked.times, 1);
    assert.equal(await breaker(), before);
    await world.clock.advance(20_000);
    await world.until(() => world.polecat(bead).state === 'working');
  });

  it('is asked once for each trial, however long nothing wants to run there', async () => {
    asked.says = new ModelError('limit', 'Too many.');
    await world.clock.advance(minute + 1);
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await world.beat();
      await world.clock.advance(minute);
    }
    assert.equal(asked.times, 1);
  });

  it('is not asked again and again for what only a person mends', async () => {
    await world.account.tell([{ kind: 'refused', ...p, problem: 'credit', detail: 'No credit.' }]);
    await world.clock.advance(minute + 1);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      await world.beat();
      await world.clock.advance(minute);
    }
    assert.equal(asked.times, 0);
  });

  it('is asked once by a window that looks twice in the same moment', async () => {
    const { clock, account } = world;
    await world.foreman.close();
    const polling = new Polling(
      {
        ...{ clock, account, rig: 'other', epoch: 1, say: () => undefined },
        agents: fakeAgents({ polls: () => asked.polls() }),
      },
      new AbortController().signal,
    );
    await clock.advance(minute + 1);
    const fuel = await account.fuel();
    await Promise.all([polling.over(fuel), polling.over(fuel)]);
    await polling.ended();
    assert.equal(asked.times, 1);
  });
});

describe('accounts of which nothing was heard for long', () => {
  it('are asked once, when a rig is opened that can work with them', async () => {
    const asked = new Asked();
    asked.says = [window];
    const world = new World(undefined, { polls: () => asked.polls() });
    const others = { tank: 'q', provider: 'q' };
    await world.account.tell([
      { kind: 'read', ...p, readings: [{ ...window, used: 0.1 }] },
      { kind: 'read', ...others, readings: [window] },
    ]);
    await world.clock.advance(31 * minute);
    await world.foreman.start();
    for (let beat = 0; beat < 5; beat += 1) await world.beat();
    assert.equal(asked.times, 1);
    const { tanks } = await world.account.fuel();
    assert.equal(tanks['p']?.gauges['5h']?.left, 0.6);
    assert.equal(tanks['q']?.asked, undefined);
    await world.foreman.close();
  });

  it('are left alone when they told something a moment ago', async () => {
    const asked = new Asked();
    const world = new World(undefined, { polls: () => asked.polls() });
    await world.account.tell([{ kind: 'read', ...p, readings: [window] }]);
    await world.foreman.start();
    await world.beat();
    assert.equal(asked.times, 0);
    await world.foreman.close();
  });
});

describe('what an account answers for nothing', () => {
  let asked: Asked;
  let world: World;
  beforeEach(() => {
    asked = new Asked();
    world = new World();
  });

  it('says nothing of a key that was set while it was asked', async () => {
    const { account, clock } = world;
    const slow = async (): Promise<readonly Reading[]> => {
      await clock.advance(1_000);
      await account.tell([{ kind: 'mended', tank: 'p' }]);
      await clock.advance(1_000);
      throw new ModelError('auth', 'Unknown key.');
    };
    await ask({ ask: slow });
    assert.equal((await account.fuel()).tanks['p']?.problem, null);
  });

  const ask = async (more: Partial<FreePoll> = {}): Promise<readonly string[]> => {
    const before = world.account.told.length;
    const { account, clock } = world;
    const parts = { account, now: () => clock.now() };
    await askTanks(parts, await asked.polls(more), new AbortController().signal);
    await settled();
    return world.account.told.slice(before).map(({ kind }) => kind);
  };

  it('mends a key that was not taken, and no empty purse', async () => {
    await world.account.tell([{ kind: 'refused', ...p, problem: 'auth', detail: 'No.' }]);
    assert.deepEqual(await ask({ admits: false }), []);
    assert.deepEqual(await ask(), ['answered']);
    await world.account.tell([{ kind: 'refused', ...p, problem: 'credit', detail: 'No.' }]);
    assert.deepEqual(await ask(), []);
    asked.says = [{ ...window, gauge: 'balance', used: 0, capacity: 5 }];
    assert.deepEqual(await ask(), ['read', 'answered']);
  });

  it('keeps out an account whose key is wrong, and judges none that is well by anything else', async () => {
    asked.says = new ModelError('connection', 'No network.');
    assert.deepEqual(await ask(), []);
    asked.says = new ModelError('auth', 'Unknown key.');
    assert.deepEqual(await ask(), ['refused']);
    assert.deepEqual(await ask({ ask: null }), []);
  });
});
