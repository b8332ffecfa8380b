import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { WatchedFiles } from '../../fakes/watchedFiles.ts';
import { RigFolder } from './rigFolder.ts';

const created = (number: number): ReturnType<typeof beadCreated> => beadCreated(beadIdOf(number));

describe('an append', () => {
  let rig: RigFolder;
  let disk: WatchedFiles;
  let store: Store;
  beforeEach(async () => {
    rig = await new RigFolder().make();
    disk = new WatchedFiles();
    store = await rig.open({ files: disk });
  });
  afterEach(() => rig.remove());

  it('is on disk before it is acknowledged, and not shown before', async () => {
    const acknowledged = store.append(1, [created(1)]);
    assert.equal(store.read.bead(beadIdOf(1)), null);
    assert.equal(disk.syncs, 0);
    await acknowledged;
    assert.equal(disk.syncs, 1);
    assert.match(await readFile(join(store.folder, 'journal-2.jsonl'), 'utf8'), /gt-00001/);
    assert.equal(store.read.seq(), 1);
  });

  it('shares its sync with all others of the same turn', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, one) => store.append(1, [created(one)])));
    assert.equal(disk.syncs, 1);
  });

  it('of many writers that each wait for their own costs one sync a round', async () => {
    const writer = async (number: number): Promise<void> => {
      for (let round = 0; round < 10; round += 1) await store.append(1, [created(number * 10 + round)]);
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => writer(number)));
    assert.equal(disk.syncs, 10);
    assert.equal(store.read.seq(), 200);
  });

  it('that fails rejects all that wait and every later one, names the file, and loses nothing acknowledged', async () => {
    await store.append(1, [created(1)]);
    disk.room = 500;
    const waiting = [2, 3, 4].map((one) => store.append(1, [created(one)]));
    const path = join(store.folder, 'journal-2.jsonl');
    for (const one of waiting)
      await assert.rejects(one, { name: 'StoreError', reason: 'append_failed', path });
    disk.room = Infinity;
    await assert.rejects(store.append(1, [created(5)]), {
      name: 'StoreError',
      reason: 'append_failed',
      path,
    });
    assert.equal(store.read.seq(), 1);
    assert.equal(store.read.bead(beadIdOf(2)), null);
    await store.close();

    const reopened = await rig.open();
    assert.deepEqual(Object.keys(reopened.initial.beads), [beadIdOf(1)]);
    assert.equal(await reopened.append(1, [created(6)]), 2);
    // What the full disk cut off is told of.
    assert.deepEqual(
      (await reopened.recentFeed(9)).map(({ what }) => what),
      ['store.tail_cut'],
    );
  });

  it('whose sync fails is not acknowledged', async () => {
    disk.failSync = true;
    await assert.rejects(store.append(1, [created(1)]), { name: 'StoreError', reason: 'append_failed' });
    assert.equal(store.read.seq(), 0);
  });

  it('that still waits when the store is closed is written first', async () => {
    const waiting = store.append(1, [created(1)]);
    await store.close();
    assert.equal(await waiting, 1);
    assert.ok((await rig.open()).read.bead(beadIdOf(1)));
  });
});
