import { strict as assert } from 'node:assert';
import { AgentDesk } from '../../../src/foreman/desk.ts';
import type { FuelTold } from '../../../src/ports/desk.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { workerExit } from '../../../src/worker/exitCodes.ts';
import { World } from './world.ts';

const seat: Seat = { runner: 'worker', provider: 'p', tank: 'p', model: 'm' };

describe('a built-in agent whose account does not let it in', () => {
  let world: World;
  let bead: BeadId;
  let seats: readonly Seat[];

  beforeEach(async () => {
    seats = [seat];
    world = await World.ready({ seats: () => Promise.resolve(seats) });
    bead = await world.sling('First');
    await world.until(() => world.polecat(bead).state === 'working');
  });
  afterEach(() => world.foreman.close());

  async function says(trouble: NonNullable<FuelTold['trouble']>['kind'], detail: string): Promise<void> {
    const { foreman, clock } = world;
    const parts = { control: foreman, sightings: foreman.sightings, clock };
    const desk = new AgentDesk(parts as unknown as ConstructorParameters<typeof AgentDesk>[0]);
    const { id: polecat, token } = world.polecat(bead);
    await desk.fuel({ polecat, token }, { readings: [], trouble: { kind: trouble, until: null, detail } });
    await world.settle();
  }

  const problem = async (): Promise<readonly (string | undefined)[]> => {
    const known = (await world.account.fuel()).tanks['p']?.problem;
    return [known?.kind, known?.detail];
  };
  const asks = (): readonly string[] =>
    Object.values(world.foreman.state.asks)
      .filter(({ answer }) => answer === null)
      .map(({ subject }) => subject.kind);

  it('did not die: its account says what is wrong, and its bead waits in progress with everything kept', async () => {
    const { worktree } = world.polecat(bead);
    await says('credit', 'Your balance is 0.');
    await world.exit(bead, workerExit.auth);
    assert.equal(world.foreman.why(bead)?.code, 'account_refused');
    for (let beat = 0; beat < 10; beat += 1) await world.beat();
    assert.deepEqual(await problem(), ['credit', 'Your balance is 0.']);
    assert.equal(world.foreman.why(bead)?.code, 'tank_problem');
    assert.deepEqual(
      [world.bead(bead).status, world.bead(bead).deaths, world.polecat(bead).worktree, asks()],
      ['in_progress', 0, worktree, []],
    );
    assert.equal(world.processes.opened.length, 1);
    const pace = (await world.account.fuel()).tanks['p']?.paces;
    assert.deepEqual(pace, {});
  });

  it('goes on by itself once a person mended that', async () => {
    await says('auth', 'Unknown key.');
    await world.exit(bead, workerExit.auth);
    for (let beat = 0; beat < 5; beat += 1) await world.beat();
    await world.account.tell([{ kind: 'mended', tank: 'p' }]);
    await world.beat();
    await world.until(() => world.polecat(bead).state === 'working');
    await world.work(bead, ['a.js']);
    await world.reaches(bead, 'completed');
  });

  it('closes no account whose key was changed while it ran, and goes on with the new one', async () => {
    await world.clock.advance(1_000);
    await world.account.tell([{ kind: 'mended', tank: 'p' }]);
    await world.clock.advance(1_000);
    await says('auth', 'Unknown key.');
    await world.exit(bead, workerExit.auth);
    await world.settle();
    assert.deepEqual(await problem(), [undefined, undefined]);
    for (let beat = 0; beat < 10; beat += 1) await world.beat();
    await world.until(() => world.polecat(bead).state === 'working');
    assert.equal(world.processes.opened.length, 2);
    await says('auth', 'Unknown key.');
    assert.deepEqual(await problem(), ['auth', 'Unknown key.']);
  });

  it('is replaced by another seat where the person wants that', async () => {
    seats = [seat, { ...seat, provider: 'q', tank: 'q' }];
    await says('auth', 'Unknown key.');
    await world.exit(bead, workerExit.auth);
    for (let beat = 0; beat < 5; beat += 1) await world.beat();
    assert.deepEqual(asks(), ['moveOn']);
    const ask = Object.values(world.foreman.state.asks).find(({ subject }) => subject.kind === 'moveOn')?.id;
    assert.ok(ask !== undefined);
    await world.foreman.wish({ type: 'answerAsk', ask, answer: 'allow' });
    await world.until(() => world.polecat(bead).state === 'working');
    assert.equal(world.polecat(bead).seat.tank, 'q');
  });

  it('keeps its account out even if nobody heard why', async () => {
    await world.exit(bead, workerExit.auth);
    for (let beat = 0; beat < 10; beat += 1) await world.beat();
    assert.deepEqual(await problem(), ['auth', '']);
    assert.equal(world.processes.opened.length, 1);
  });
});

describe('a built-in agent whose model has trouble', () => {
  it('goes on while it waits for a busy vendor, and others start more slowly', async () => {
    const world = await World.ready();
    const bead = await world.sling('First');
    await world.until(() => world.polecat(bead).state === 'working');
    const { id: polecat, token } = world.polecat(bead);
    const { sightings } = world.foreman;
    await sightings.see({ polecat, token }, { kind: 'throttled' });
    await sightings.see({ polecat, token }, { kind: 'failed', detail: 'No answer.' });
    await world.beat();
    const { paces, breaker } = (await world.account.fuel()).tanks['p'] ?? {};
    assert.deepEqual([paces?.['m']?.limit, breaker?.errors], [1, 1]);
    assert.equal(world.polecat(bead).session?.leaving, null);
    await world.foreman.close();
  });
});
