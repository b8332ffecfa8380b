import assert from 'node:assert/strict';
import { GitError } from '../../../src/ports/git.ts';
import { World } from './world.ts';

describe('what the foreman does when nothing else is to be done', () => {
  it('fills spare worktrees once checks are confirmed, as many as the person wants', async () => {
    const world = await World.ready();
    world.spareWorktrees = 2;
    await world.beat();
    assert.equal(world.git.spares, 2);
  });

  it('fills none while the town is stopped', async () => {
    const world = await World.ready();
    world.spareWorktrees = 2;
    await world.foreman.wish({ type: 'stopTown' });
    await world.beat();
    assert.equal(world.git.spares, 0);
  });

  it('leaves alone for a minute what failed, and empties the trash all the same', async () => {
    const world = await World.ready();
    world.spareWorktrees = 1;
    let tries = 0;
    world.git.prepareSpares = () => {
      tries += 1;
      return Promise.reject(new GitError('failed', 'No space left.'));
    };
    for (let beats = 0; beats < 10; beats += 1) await world.beat();
    assert.equal(tries, 1);
    assert.equal(world.git.emptied.length, 1);
    for (let beats = 0; beats < 10; beats += 1) await world.beat();
    assert.equal(tries, 2);
  });

  it('empties the trash of what lay there for a week, not more often than it must', async () => {
    const world = await World.ready();
    await world.beat();
    await world.beat();
    assert.deepEqual(world.git.emptied, [7 * 24 * 60 * 60 * 1000]);
  });
});
