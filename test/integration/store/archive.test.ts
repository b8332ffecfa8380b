import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { archiveIn } from '../../../src/store/archive.ts';
import type { TownEvent } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { RigFolder, flipBit, namesIn } from './rigFolder.ts';

const bead = beadIdOf;
const instant = (year: number): number => Date.UTC(year, 5, 1);
const leaves = (number: number, at = instant(2026)): TownEvent => ({
  type: 'bead.archived',
  bead: bead(number),
  polecats: [],
  requests: [],
  asks: [],
  at,
});

describe('the archive', () => {
  let rig: RigFolder;
  let store: Store;
  let files: WatchedFiles;
  beforeEach(async () => {
    rig = await new RigFolder().make();
    files = new WatchedFiles();
    store = await rig.open({ files });
    for (const number of [1, 2, 3]) {
      await store.append(number, [beadCreated(bead(number)), beadMoved(bead(number), 'completed', number)]);
    }
  });
  afterEach(() => rig.remove());

  const archived = async (from: Store): Promise<readonly string[]> =>
    (await from.archive.beads({})).map(({ id }) => id);
  const journal = (): string => readFileSync(join(store.folder, 'journal-2.jsonl'), 'utf8');
  const path = (): string => join(store.folder, 'archive-2026.jsonl');

  it('has a bead on disk before the journal says that it left, at the cost of one sync', async () => {
    let before = '';
    files.before = (operation, opened) => {
      if (operation === 'openTail' && opened === path()) before = journal();
    };
    const { syncs } = files;
    const appended = [
      store.append(4, [leaves(1)]),
      store.append(5, [beadCreated(bead(5))]),
      store.append(6, [leaves(2)]),
    ];
    assert.deepEqual(await Promise.all(appended), [4, 5, 6]);
    assert.equal(files.syncs - syncs, 2);
    assert.equal(before.includes('bead.archived'), false);
    assert.equal(journal().includes('bead.archived'), true);
    assert.deepEqual(await archived(store), [bead(2), bead(1)]);
  });

  it('begins a file with each year', async () => {
    await store.append(4, [leaves(1, instant(2025)), leaves(2, instant(2026))]);
    await store.append(5, [leaves(3, instant(2026))]);
    assert.deepEqual(await namesIn(store.folder, /^archive/), ['archive-2025.jsonl', 'archive-2026.jsonl']);
    assert.deepEqual(await archived(store), [3, 2, 1].map(bead));
  });

  it('that cannot be written lets no bead leave', async () => {
    files.before = (operation, opened) => {
      if (operation === 'openTail' && opened === path()) throw systemError('ENOSPC', 'no space left');
    };
    await assert.rejects(store.append(4, [leaves(1)]), { name: 'StoreError', reason: 'append_failed' });
    await assert.rejects(store.append(5, []), { name: 'StoreError' });
    await store.close();
    const reopened = await rig.open();
    assert.equal(reopened.read.bead(bead(1))?.status, 'completed');
    assert.deepEqual(await archived(reopened), []);
  });

  it('shows a bead once, as it left last, when a crash came before the journal knew', async () => {
    await store.append(4, [leaves(1)]);
    await store.append(5, [leaves(2)]);
    const both = await readFile(path(), 'utf8');
    await store.close();
    const other = await new RigFolder().make();
    const crashed = await other.open();
    await crashed.append(1, [beadCreated(bead(1), { title: 'Later' }), beadMoved(bead(1), 'completed')]);
    await writeFile(join(crashed.folder, 'archive-2026.jsonl'), both);
    assert.deepEqual(await archived(crashed), [bead(2)]);
    await crashed.append(2, [leaves(1)]);
    assert.deepEqual(await archived(crashed), [bead(1), bead(2)]);
    assert.equal((await crashed.archive.bead(bead(1)))?.bead.title, 'Later');
    await other.remove();
  });

  it('goes on behind an end that a crash tore', async () => {
    await store.append(4, [leaves(1)]);
    const half = (await readFile(path(), 'utf8')).slice(0, 100);
    await store.close();
    await appendFile(path(), half);
    const reopened = await rig.open();
    assert.deepEqual(await archived(reopened), [bead(1)]);
    await reopened.append(5, [leaves(2)]);
    assert.deepEqual(await archived(reopened), [bead(2), bead(1)]);
    assert.deepEqual(await reopened.recentFeed(9), []);
  });

  it('gives what is sound when a line is damaged, and says in the feed that there was one', async () => {
    await store.append(4, [leaves(1), leaves(2), leaves(3)]);
    await flipBit(path(), -60);
    assert.deepEqual(await archived(store), [bead(2), bead(1)]);
    const [said] = await store.recentFeed(1);
    assert.deepEqual([said?.what, said?.facts['count']], ['store.archive_unreadable', 1]);
    const reader = await rig.open({ mode: 'reader' });
    assert.deepEqual(await archived(reader), [bead(2), bead(1)]);
    assert.equal((await reader.recentFeed(9)).at(-1)?.what, 'store.archive_unreadable');
  });

  it('tells who asks of damaged lines each time, and the feed once', async () => {
    await store.append(4, [leaves(1), leaves(2), leaves(3)]);
    await flipBit(path(), -60);
    const told: unknown[] = [];
    const tell = (file: string, lines: number): void => void told.push([file, lines]);
    await store.archive.beads({ limit: 1 }, tell);
    assert.equal(await store.archive.bead(bead(3), tell), null);
    assert.deepEqual(told, [
      [path(), 1],
      [path(), 1],
    ]);
    assert.equal(
      (await store.recentFeed(9)).filter(({ what }) => what === 'store.archive_unreadable').length,
      1,
    );
  });

  it('is read by a follower without its store, but for what the state has', async () => {
    await store.append(4, [leaves(1), leaves(2)]);
    const archive = archiveIn(store.folder, (id) => id === bead(2));
    assert.deepEqual(
      (await archive.beads({})).map(({ id }) => id),
      [bead(1)],
    );
    assert.equal((await archive.bead(bead(1)))?.bead.status, 'completed');
  });

  it('that cannot be read says so', async () => {
    await mkdir(path());
    await assert.rejects(store.archive.beads({}), { name: 'StoreError', path: path() });
    const gone = join(store.folder, 'gone');
    await assert.rejects(archiveIn(gone, () => false).beads({}), { name: 'StoreError', path: gone });
  });
});
