import { strict as assert } from 'node:assert';
import type { BeadId } from '../../../src/town/ids.ts';
import { World } from './world.ts';

describe('files that agents change', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.ready();
  });
  afterEach(() => world.foreman.close());

  const status = (bead: BeadId): string => world.bead(bead).status;

  async function atWork(title: string, touches: readonly string[]): Promise<BeadId> {
    const bead = await world.sling(title, { touches });
    await world.until(() => world.polecat(bead).state === 'working');
    return bead;
  }

  async function commits(bead: BeadId, files: readonly string[]): Promise<void> {
    const { worktree } = world.polecat(bead);
    assert.ok(worktree !== null);
    world.git.edit(worktree, files);
    await world.git.commitAll(worktree, 'Half way');
  }

  it('let go what waited for a guess, once its first commits say otherwise', async () => {
    const first = await atWork('First', ['src/**']);
    const second = await world.sling('Second', { touches: ['src/b.js'] });
    assert.equal(status(second), 'queued');
    assert.equal(world.foreman.why(second)?.code, 'overlaps');
    await commits(first, ['src/a.js']);
    await world.clock.advance(20_000);
    await world.until(() => status(second) === 'in_progress');
    assert.deepEqual(world.bead(first).touched, ['src/a.js']);
  });

  it('hold what changes the same, though nobody had guessed it', async () => {
    const first = await atWork('First', ['docs/**']);
    world.maxPolecats = 1;
    await world.foreman.refresh();
    const second = await world.sling('Second', { touches: ['src/b.js'] });
    await commits(first, ['src/b.js']);
    await world.clock.advance(20_000);
    world.maxPolecats = 3;
    await world.foreman.refresh();
    await world.until(() => world.foreman.why(second)?.code === 'overlaps');
    assert.equal(status(second), 'queued');
  });

  it('are not looked for as long as nothing could wait for them', async () => {
    const first = await atWork('First', ['src/**']);
    await commits(first, ['src/a.js']);
    await world.clock.advance(60_000);
    assert.equal(world.bead(first).touched, undefined);
  });
});
