import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Limits } from '../../../src/store/rigStore.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { settled } from '../../fakes/manualClock.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

const limits: Limits = {
  snapshotEvery: 10,
  idleMs: 1_000,
  idleTransactions: 3,
  threadFrom: Infinity,
  feedBytes: 1e6,
};

describe('a snapshot', () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  const manifests = (folder: string): Promise<readonly string[]> => namesIn(folder, /^snapshot-\d+\.json$/);
  const journals = (folder: string): Promise<readonly string[]> => namesIn(folder, /^journal-/);
  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 25_000;
    while (!(await condition())) {
      if (Date.now() > deadline) assert.fail('it did not come to be');
      await settled();
    }
  }

  it('is taken after as many transactions as the limit says, while others are appended', async () => {
    const store = await rig.open({ limits });
    const appended = Array.from({ length: 25 }, async (_, number) => {
      await store.append(1, [beadCreated(beadIdOf(number))]);
    });
    for (let number = 25; number < 40; number += 1) await store.append(1, [beadCreated(beadIdOf(number))]);
    await Promise.all(appended);
    await until(async () => (await manifests(store.folder)).length > 0);
    await store.close();
    // What is not in the snapshot stands behind it in the journal, each once.
    const reopened = await rig.open();
    assert.deepEqual(
      Object.keys(reopened.initial.beads),
      Array.from({ length: 40 }, (_, number) => beadIdOf(number)),
    );
    assert.equal(reopened.read.seq(), 40);
  });

  it('is taken when nothing was appended for a while, if enough is new', async () => {
    const store = await rig.open({ limits });
    await store.append(1, [beadCreated(beadIdOf(1))]);
    await rig.clock.advance(5_000);
    assert.deepEqual(await manifests(store.folder), []);
    for (const number of [2, 3]) await store.append(1, [beadCreated(beadIdOf(number))]);
    await rig.clock.advance(999);
    assert.deepEqual(await manifests(store.folder), []);
    await rig.clock.advance(1_001);
    await until(async () => (await manifests(store.folder)).join() === 'snapshot-3.json');
  });

  it('leaves the previous one in place, and the journal until the one after the next', async () => {
    let folder = '';
    const seen: (readonly [readonly string[], readonly string[]])[] = [];
    for (const number of [1, 2, 3, 4]) {
      const store = await rig.open({ limits });
      folder = store.folder;
      await store.append(1, [beadCreated(beadIdOf(number))]);
      await store.close();
      seen.push([await manifests(folder), await journals(folder)]);
    }
    assert.deepEqual(
      seen.map(([snapshots]) => snapshots),
      [
        ['snapshot-1.json'],
        ['snapshot-1.json', 'snapshot-2.json'],
        ['snapshot-2.json', 'snapshot-3.json'],
        ['snapshot-3.json', 'snapshot-4.json'],
      ],
    );
    const numbers = seen.map(([, names]) => names.map((name) => Number(/\d+/.exec(name)?.[0])));
    assert.deepEqual(numbers, [
      [1, 2, 3],
      [1, 2, 3, 4, 5],
      [3, 4, 5, 6, 7],
      [5, 6, 7, 8, 9],
    ]);
    assert.deepEqual(await namesIn(folder, /draft/), []);
  });

  it('is not taken when nothing is new', async () => {
    for (const _ of [1, 2]) {
      const store = await rig.open({ limits });
      await store.close();
      assert.deepEqual(await manifests(store.folder), []);
    }
  });

  it('that stands is not told of as a failure because an older one cannot be removed', async () => {
    const files = new WatchedFiles();
    const store = await rig.open({ limits, files });
    let refused = 0;
    files.before = (operation, path) => {
      if (operation !== 'unlink' || !/snapshot-\d+\.json$/.test(path)) return;
      refused += 1;
      throw systemError('EACCES', 'permission denied, unlink');
    };
    for (let number = 1; refused === 0; number += 1) {
      assert.ok(number < 1_000);
      await store.append(1, [beadCreated(beadIdOf(number))]);
      await settled();
    }
    await store.close();
    assert.deepEqual(await store.recentFeed(9), []);
  });

  it('that cannot be written is told of and costs nothing else', async () => {
    const store = await rig.open({ limits });
    await store.append(1, [beadCreated(beadIdOf(1))]);
    // The name is taken by a folder, so the rename onto it fails.
    await mkdir(join(store.folder, 'snapshot-10.sqlite', 'x'), { recursive: true });
    for (let number = 2; number <= 12; number += 1) await store.append(1, [beadCreated(beadIdOf(number))]);
    await until(async () => (await store.recentFeed(1))[0]?.what === 'store.snapshot_failed');
    assert.equal(await store.append(1, []), 13);
    await store.close();
    await rm(join(store.folder, 'snapshot-10.sqlite'), { recursive: true });
    assert.equal(Object.keys((await rig.open()).initial.beads).length, 12);
  });
});
