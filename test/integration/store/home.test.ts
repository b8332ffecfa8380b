import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Files } from '../../../src/ports/files.ts';
import type { Store } from '../../../src/ports/store.ts';
import { forgetHome } from '../../../src/store/home.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { ManualClock } from '../../fakes/manualClock.ts';
import { WatchedFiles, systemError } from '../../fakes/watchedFiles.ts';
import { RigFolder, bytesIn, namesIn } from './rigFolder.ts';

const bead = beadIdOf(1);

describe("a rig's home", () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  /** A rig that remembers one bead, closed. */
  async function remembered(): Promise<Store> {
    const store = await rig.open();
    await store.append(1, [beadCreated(bead)]);
    await store.close();
    return store;
  }
  const knows = (store: Store): boolean => store.read.bead(bead) !== null;

  it('is made by the first owner under its storage, readable by nobody else', async () => {
    const { folder } = await rig.open();
    assert.equal(dirname(folder), join(rig.storageRoot, 'rigs'));
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(dirname(rig.pointer))).mode & 0o777, 0o700);
    for (const name of await namesIn(folder, /./)) {
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    }
  });

  it('is followed by every later owner, wherever that one keeps its own storage', async () => {
    const { folder } = await remembered();
    const later = await rig.open({ storageRoot: join(rig.place, 'elsewhere') });
    assert.equal(later.folder, folder);
    assert.ok(knows(later));
  });

  it('is one, when several open the repository for the first time at once', async () => {
    const openings = await Promise.allSettled([1, 2, 3, 4].map(() => rig.open()));
    assert.equal(openings.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await namesIn(join(rig.storageRoot, 'rigs'), /./)).length, 1);
  });

  it('that is gone is an error that names it and says how to mend it, and never a fresh start', async () => {
    const { folder } = await remembered();
    await rename(folder, `${folder}-unmounted`);
    await assert.rejects(rig.open(), (error: Error & { reason?: string; path?: string }) => {
      assert.equal(error.reason, 'pointer_leads_nowhere');
      assert.equal(error.path, folder);
      assert.match(error.message, /Bring that folder back/);
      return true;
    });
    await rename(`${folder}-unmounted`, folder);
    assert.ok(knows(await rig.open()));
  });

  it('whose journal is gone is damaged, and never a fresh start', async () => {
    const { folder } = await remembered();
    for (const name of await namesIn(folder, /^(journal|snapshot)-/)) await rm(join(folder, name));
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'damaged' });
  });

  it('moves along with a repository that moved', async () => {
    const { folder } = await remembered();
    const moved = join(rig.place, 'moved');
    await rename(dirname(rig.commonDir), moved);
    const store = await rig.open({ commonDir: join(moved, '.git') });
    assert.equal(store.folder, folder);
    assert.ok(knows(store));
  });

  it('is not shared with a copy of the repository: that one gets a home of its own and keeps the old pointer', async () => {
    const { folder } = await remembered();
    const copy = join(rig.place, 'copy', '.git');
    await cp(rig.commonDir, copy, { recursive: true });
    const store = await rig.open({ commonDir: copy });
    assert.notEqual(store.folder, folder);
    assert.ok(!knows(store));
    assert.equal((await namesIn(join(copy, 'rigs'), /^home\.copied-\d+\.json$/)).length, 1);
    const original = await rig.open();
    assert.equal(original.folder, folder);
    assert.ok(knows(original));
  });

  it('stays with one repository when the other comes back from a disk that was away', async () => {
    await remembered();
    const away = join(rig.place, 'away');
    const copy = join(rig.place, 'copy', '.git');
    await cp(rig.commonDir, copy, { recursive: true });
    await rename(dirname(rig.commonDir), away);
    const first = await rig.open({ commonDir: copy });
    await rename(away, dirname(rig.commonDir));
    const second = await rig.open();
    assert.notEqual(first.folder, second.folder);
    assert.ok(knows(first));
  });

  it('is found through a symlink to the repository', async () => {
    const { symlink } = await import('node:fs/promises');
    const { folder } = await remembered();
    await symlink(dirname(rig.commonDir), join(rig.place, 'link'));
    assert.equal((await rig.open({ commonDir: join(rig.place, 'link', '.git') })).folder, folder);
  });

  it('is refused when a newer Rigs wrote the pointer, and when the pointer is garbage', async () => {
    await remembered();
    const pointer = await readFile(rig.pointer, 'utf8');
    await writeFile(rig.pointer, '{"schema": 99, "place": "unknown"}');
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'newer_schema', path: rig.pointer });
    for (const garbage of ['', 'x', pointer.slice(0, 40), JSON.stringify({ schema: 1, folder: '..' })]) {
      await writeFile(rig.pointer, garbage);
      await assert.rejects(rig.open(), { name: 'StoreError', reason: 'damaged', path: rig.pointer });
    }
  });

  it('is refused when the pointer leads to a folder that is no rig’s', async () => {
    await remembered();
    const pointer = JSON.parse(await readFile(rig.pointer, 'utf8')) as Record<string, unknown>;
    const other = join(rig.place, 'documents');
    await mkdir(other);
    await writeFile(rig.pointer, JSON.stringify({ ...pointer, folder: other }));
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'pointer_leads_nowhere', path: other });
    assert.deepEqual(await namesIn(other, /./), []);
  });

  /** The file system, with a folder in which some operations fail. */
  function failingIn(folder: string, operations: readonly (keyof Files)[], code: string): WatchedFiles {
    const files = new WatchedFiles();
    files.before = (operation, path) => {
      if (operations.includes(operation) && path.startsWith(folder))
        throw systemError(code, `${operation} ${path}`);
    };
    return files;
  }
  const writes: readonly (keyof Files)[] = [
    'create',
    'link',
    'rename',
    'makeFolder',
    'openTail',
    'unlink',
    'sync',
  ];

  for (const code of ['EACCES', 'EROFS', 'ENOSPC']) {
    it(`cannot be made where nothing may be written (${code}), and the error names the place`, async () => {
      for (const place of [rig.storageRoot, join(rig.commonDir, 'rigs')]) {
        await assert.rejects(
          rig.open({ files: failingIn(place, writes, code) }),
          (error: Error & { path?: string }) => {
            assert.equal((error as { reason?: string }).reason, 'not_writable');
            assert.ok(error.path?.startsWith(place), error.path);
            return true;
          },
        );
      }
      assert.ok(await rig.open());
    });

    it(`that became read-only (${code}) is an error that names it, can be read, and is whole afterwards`, async () => {
      const { folder } = await remembered();
      const files = failingIn(folder, writes, code);
      await assert.rejects(rig.open({ files }), (error: Error & { path?: string; reason?: string }) => {
        assert.equal(error.reason, 'not_writable');
        assert.ok(error.path?.startsWith(folder));
        return true;
      });
      assert.ok(knows(await rig.open({ files, mode: 'reader' })));
      assert.ok(knows(await rig.open()));
    });
  }

  it('of another user of this computer is an error that says so, and never a fresh start', async () => {
    const { folder } = await remembered();
    const before = await bytesIn(folder);
    for (const [place, named] of [
      [rig.pointer, rig.pointer],
      [join(folder, 'rig.json'), join(folder, 'rig.json')],
      [folder, folder],
      [join(folder, 'journal-3.jsonl'), join(folder, 'journal-3.jsonl')],
    ] as const) {
      const files = failingIn(place, ['read', 'list'], 'EACCES');
      for (const mode of ['owner', 'reader'] as const) {
        await assert.rejects(
          rig.open({ files, mode }),
          (error: Error & { path?: string; reason?: string }) => {
            assert.equal(error.reason, 'not_readable', place);
            assert.ok(error.path?.startsWith(named));
            assert.match(error.message, /another user/);
            return true;
          },
        );
      }
    }
    const { 'journal-3.jsonl': journal } = await bytesIn(folder);
    assert.equal(journal, before['journal-3.jsonl']);
    assert.deepEqual(await namesIn(join(rig.storageRoot, 'rigs'), /./), [folder.split('/').at(-1)]);
    assert.ok(knows(await rig.open()));
  });

  it('never has anything renamed or linked from one disk to another', async () => {
    const files = new WatchedFiles();
    const disk = (path: string): string => (path.startsWith(rig.storageRoot) ? 'state' : 'repository');
    const across: string[] = [];
    files.before = (operation, from, to) => {
      if (operation !== 'rename' && operation !== 'link') return;
      if (disk(from) !== disk(String(to))) across.push(`${operation} ${from} ${String(to)}`);
    };
    for (const _ of [1, 2, 3]) {
      const store = await rig.open({ files, limits: { snapshotEvery: 1 } });
      await store.append(1, [beadCreated(bead)]);
      await store.close();
    }
    await forgetHome(rig.commonDir, rig.clock, files);
    await rig.open({ files });
    assert.deepEqual(across, []);
  });

  it('is started afresh only by who says so, and what was there before is kept', async () => {
    const { folder } = await remembered();
    await rename(folder, `${folder}-cleaned`);
    await assert.rejects(rig.open(), { reason: 'pointer_leads_nowhere' });
    const pointer = await readFile(rig.pointer, 'utf8');
    await forgetHome(rig.commonDir, rig.clock);
    const [kept = ''] = await namesIn(dirname(rig.pointer), /^home\.lost-\d+\.json$/);
    assert.equal(await readFile(join(dirname(rig.pointer), kept), 'utf8'), pointer);
    const fresh = await rig.open();
    assert.notEqual(fresh.folder, folder);
    assert.ok(!knows(fresh));
    await fresh.close();
    // A second time at the same instant keeps the first one's pointer too; without a pointer there is nothing to do.
    await forgetHome(rig.commonDir, rig.clock);
    await forgetHome(rig.commonDir, rig.clock);
    assert.equal((await namesIn(dirname(rig.pointer), /^home\.lost-/)).length, 2);
  });

  it('of a repository that is looked at from a container is an error there, whatever system it was made on', async () => {
    await remembered();
    const pointer = JSON.parse(await readFile(rig.pointer, 'utf8')) as Record<string, unknown>;
    for (const folder of ['/home/person/.config/rigs/abc', 'C:\\Users\\person\\rigs\\abc']) {
      await writeFile(rig.pointer, JSON.stringify({ ...pointer, folder }));
      await assert.rejects(rig.open(), (error: Error & { path?: string; reason?: string }) => {
        assert.equal(error.reason, 'pointer_leads_nowhere');
        assert.equal(error.path, folder);
        assert.match(error.message, /container/);
        return true;
      });
    }
  });

  it('does not mind a clock that was set back', async () => {
    const store = await rig.open();
    await store.append(2_000, [beadCreated(bead, {}, 2_000)]);
    await store.append(1_000, [beadCreated(beadIdOf(2), {}, 1_000)]);
    await store.close();
    const earlier = await rig.open({ clock: new ManualClock(1) });
    assert.equal(Object.keys(earlier.initial.beads).length, 2);
    assert.equal(await earlier.append(1, []), 3);
  });

  it('cannot be made in a place that is a file, and the error names the place', async () => {
    await writeFile(rig.storageRoot, 'a file');
    await assert.rejects(rig.open(), (error: Error & { reason?: string; path?: string }) => {
      assert.equal(error.reason, 'not_writable');
      assert.ok(error.path?.startsWith(rig.storageRoot));
      return true;
    });
    assert.deepEqual(await namesIn(rig.commonDir, /./), []);
  });

  it('is not made by a reader', async () => {
    await assert.rejects(rig.open({ mode: 'reader' }), {
      name: 'StoreError',
      reason: 'pointer_leads_nowhere',
    });
    assert.deepEqual(await namesIn(rig.place, /storage/), []);
  });
});
