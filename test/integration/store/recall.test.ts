import assert from 'node:assert/strict';
import { appendFile, copyFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { RigFolder, bytesIn, flipBit, namesIn } from './rigFolder.ts';

describe('what a rig recalls', () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  /** Appends beads with running numbers and closes; each call leaves a snapshot behind. */
  async function remember(...numbers: readonly number[]): Promise<string> {
    const store = await rig.open();
    for (const number of numbers) await store.append(number, [beadCreated(beadIdOf(number))]);
    await store.close();
    return store.folder;
  }
  const journal = (folder: string, number: number): string => join(folder, `journal-${String(number)}.jsonl`);
  const beadsOf = (store: Store): readonly string[] => Object.keys(store.initial.beads);
  const files = /^(journal|snapshot|torn|damaged)-/;

  async function withoutSnapshots(folder: string): Promise<void> {
    for (const name of await namesIn(folder, /^snapshot-/)) await rm(join(folder, name));
  }

  /** As an owner leaves it that was killed before it could close. */
  async function asKilled(folder: string): Promise<void> {
    await rm(journal(folder, 3));
    for (const name of ['released-1.json', 'owner-1.json']) await rm(join(folder, name));
  }

  it('is snapshot and tail, in which the old journal is not needed any more', async () => {
    const folder = await remember(1, 2, 3);
    for (const number of [1, 2]) await rm(journal(folder, number));
    const store = await rig.open();
    assert.deepEqual(beadsOf(store), [1, 2, 3].map(beadIdOf));
    assert.equal(await store.append(4, []), 4);
  });

  it('comes from the snapshot before and a longer tail when the newest is damaged, which is kept and named', async () => {
    await remember(1, 2);
    const folder = await remember(3, 4);
    const damages: readonly ((path: string) => Promise<void>)[] = [
      (path) => flipBit(path, 5_000),
      async (path) => truncate(path, (await stat(path)).size - 1),
      (path) => truncate(path, 0),
      (path) => rm(path),
    ];
    const path = join(folder, 'snapshot-4.sqlite');
    for (const damage of damages) {
      for (const ending of ['sqlite', 'json']) {
        await copyFile(join(folder, `snapshot-4.${ending}`), join(rig.place, `kept.${ending}`));
      }
      await damage(path);
      const store = await rig.open();
      assert.deepEqual(beadsOf(store), [1, 2, 3, 4].map(beadIdOf));
      const [said] = (await store.recentFeed(1)).map(({ what, facts }) => ({ what, path: facts['path'] }));
      assert.deepEqual(said, { what: 'store.snapshot_damaged', path });
      await store.close();
      await rig.clock.advance(1_000);
      for (const ending of ['sqlite', 'json']) {
        await copyFile(join(rig.place, `kept.${ending}`), join(folder, `snapshot-4.${ending}`));
      }
    }
    // Of the database that was removed there was nothing to keep but its manifest.
    assert.equal((await namesIn(folder, /^damaged-.*json$/)).length, damages.length);
  });

  it('is cut at a torn tail, which is kept aside and told of', async () => {
    const folder = await remember(1, 2);
    await withoutSnapshots(folder);
    await asKilled(folder);
    await appendFile(journal(folder, 2), '{"seq":3,"at":1,"ev');
    const store = await rig.open();
    assert.deepEqual(beadsOf(store), [1, 2].map(beadIdOf));
    const [torn = ''] = await namesIn(folder, /^torn-\d+$/);
    assert.equal(await readFile(join(folder, torn), 'utf8'), '{"seq":3,"at":1,"ev');
    assert.equal((await store.recentFeed(1))[0]?.what, 'store.tail_cut');
    assert.equal(await store.append(3, [beadCreated(beadIdOf(3))]), 3);
    await store.close();
    assert.deepEqual(beadsOf(await rig.open()), [1, 2, 3].map(beadIdOf));
  });

  it('goes on behind a last line that lacks only its newline', async () => {
    const folder = await remember(1, 2);
    await withoutSnapshots(folder);
    await asKilled(folder);
    await truncate(journal(folder, 2), (await stat(journal(folder, 2))).size - 1);
    const store = await rig.open();
    await store.append(3, [beadCreated(beadIdOf(3))]);
    await store.close();
    await withoutSnapshots(folder);
    assert.deepEqual(beadsOf(await rig.open()), [1, 2, 3].map(beadIdOf));
  });

  it('is damaged when a bit before the end flipped: file and number are named and every byte is kept', async () => {
    const folder = await remember(1, 2, 3);
    await withoutSnapshots(folder);
    const lines = (await readFile(journal(folder, 2), 'utf8')).split('\n');
    await flipBit(journal(folder, 2), lines.slice(0, 2).join('\n').length + 30);
    const before = await bytesIn(folder, files);
    for (const mode of ['owner', 'reader'] as const) {
      await assert.rejects(rig.open({ mode }), (error: Error & { reason?: string; path?: string }) => {
        assert.equal(error.reason, 'damaged');
        assert.equal(error.path, journal(folder, 2));
        assert.match(error.message, /number 2/);
        return true;
      });
    }
    assert.deepEqual(await bytesIn(folder, files), before);
  });

  it('is damaged when a file of the journal is missing, cut or swapped for another', async () => {
    const folder = await remember(1, 2);
    await remember(3, 4);
    await withoutSnapshots(folder);
    const spoil: readonly ((first: string, second: string) => Promise<void>)[] = [
      (first) => rm(first),
      (_first, second) => rm(second),
      async (first) => truncate(first, (await stat(first)).size - 10),
      async (first) =>
        writeFile(first, (await readFile(first, 'utf8')).split('\n').slice(0, 2).join('\n') + '\n'),
      async (first, second) => {
        await rename(first, `${first}.x`);
        await rename(second, first);
        await rename(`${first}.x`, second);
      },
    ];
    const good = await bytesIn(folder, files);
    for (const one of spoil) {
      await one(journal(folder, 2), journal(folder, 3));
      await assert.rejects(rig.open(), { name: 'StoreError', reason: 'damaged' });
      for (const [name, bytes] of Object.entries(good)) await writeFile(join(folder, name), bytes, 'latin1');
    }
    assert.deepEqual(beadsOf(await rig.open()), [1, 2, 3, 4].map(beadIdOf));
  });

  it('is refused when a newer Rigs wrote the journal, the snapshot or an event, and nothing is changed', async () => {
    const folder = await remember(1);
    const manifest = join(folder, 'snapshot-1.json');
    const record = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
    const changes: readonly (readonly [string, string])[] = [
      [manifest, JSON.stringify({ ...record, schema: 3 })],
      [journal(folder, 3), seal({ schema: 3, segment: 3, after: 1, epoch: 'other' })],
      [
        journal(folder, 3),
        (await readFile(journal(folder, 3), 'utf8')) +
          seal({ seq: 2, at: 1, v: 2, events: [{ type: 'bead.cloned', at: 1 }] }),
      ],
      [
        journal(folder, 3),
        (await readFile(journal(folder, 3), 'utf8')) + seal({ seq: 2, at: 1, v: 3, events: [] }),
      ],
    ];
    for (const [path, text] of changes) {
      const good = await readFile(path);
      await writeFile(path, text);
      const before = await bytesIn(folder, files);
      await assert.rejects(rig.open(), { name: 'StoreError', reason: 'newer_schema' });
      assert.deepEqual(await bytesIn(folder, files), before);
      await writeFile(path, good);
    }
    assert.deepEqual(beadsOf(await rig.open()), [beadIdOf(1)]);
  });
});
