import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { AgentDesk } from '../../../src/foreman/desk.ts';
import { placesOf } from '../../../src/foreman/places.ts';
import { prepareHome } from '../../../src/gateway/home.ts';
import { report } from '../../../src/gateway/outbox.ts';
import { systemIds } from '../../../src/foreman/systemIds.ts';
import { takeUpOutbox } from '../../../src/gateway/takeUpOutbox.ts';
import { fakeAgents } from '../../fakes/fakeAgents.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { World } from '../../unit/foreman/world.ts';
import { type Rig, rigFolder } from './fixtures.ts';

const agents = fakeAgents({
  start: () => Promise.reject(new Error('nothing is started here')),
  access: () => Promise.reject(new Error('nobody asks for a model')),
});

describe('agents that said done to a window that was gone, and ended', () => {
  let folder: Rig;

  beforeEach(async () => {
    folder = await rigFolder();
    await prepareHome(folder.home);
  });

  afterEach(() => rm(folder.folder, { recursive: true }));

  const takeUp = (world: World) =>
    takeUpOutbox({
      home: folder.home,
      tokens: folder.tokens,
      desk: new AgentDesk({
        git: world.git,
        repository: world.git.repository,
        places: placesOf(world.git.repository, folder.folder, null),
        agents,
        settings: () => {
          throw new Error('no task is asked for');
        },
        control: world.foreman,
        ids: systemIds,
        clock: world.clock,
        sightings: world.foreman.sightings,
        messages: world.foreman.messages,
      }),
      control: world.foreman,
      notices: { post: () => undefined },
      now: () => world.clock.now(),
    });

  /** Each did its work, said done to nobody and ended; then another window opens the rig. */
  async function reopened(first: World, beads: readonly BeadId[], claim = randomUUID()): Promise<World> {
    await first.foreman.close();
    for (const bead of beads) {
      const { id: polecat, token, worktree } = first.polecat(bead);
      const secret = await folder.tokens.issue({ polecat, token });
      first.git.edit(worktree ?? '', [`${bead}.js`]);
      const done = { id: claim, summary: 'Added it.' };
      assert.deepEqual(await report(folder.home, secret, 'done', done, { patienceMs: 0 }), { kept: true });
      first.processes.exit(polecat, 0, null);
    }
    return new World(first);
  }

  async function working(...titles: readonly string[]) {
    const world = await World.ready();
    const beads: BeadId[] = [];
    for (const title of titles) beads.push(await world.sling(title));
    for (const bead of beads) await world.until(() => world.polecat(bead).state === 'working');
    return { world, beads };
  }

  it('are believed before their exit is, so that none of them is sent to work again', async () => {
    const { world, beads } = await working('First', 'Second', 'Third');
    const next = await reopened(world, beads);
    assert.equal((await takeUp(next)).taken.length, 3);
    await next.foreman.start();
    for (const bead of beads) {
      await next.reaches(bead, 'completed');
      const { attempts, deaths, reminders } = next.bead(bead);
      assert.deepEqual({ attempts, deaths, reminders }, { attempts: 1, deaths: 0, reminders: 0 });
    }
    await next.foreman.close();
  });

  it('are believed once, when the window that believed them died before it could note so', async () => {
    const { world, beads } = await working('Only');
    const [bead] = beads;
    assert.ok(bead !== undefined);
    const claim = randomUUID();
    const next = await reopened(world, beads, claim);
    await takeUp(next);
    const taken = next.memory.journal.length;
    const last = await reopened(next, beads, claim);
    assert.equal((await takeUp(last)).taken.length, 1);
    assert.equal(
      last.memory.journal
        .slice(taken)
        .filter(({ events }) => events.some(({ type }) => type === 'session.claimed')).length,
      0,
    );
    await last.foreman.start();
    await last.reaches(bead, 'completed');
    assert.equal(last.bead(bead).reminders, 0);
    await last.foreman.close();
  });
});
