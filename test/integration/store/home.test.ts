import assert from 'node:assert/strict';
import { chmod, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { RigFolder, namesIn } from './rigFolder.ts';

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

  it('cannot be made where nothing may be written, and the error names the place', async function () {
    if (process.getuid?.() === 0) return this.skip(); // root may write anywhere; the next test does not need this
    await chmod(rig.place, 0o500);
    await assert.rejects(rig.open(), { name: 'StoreError', reason: 'not_writable' });
    await chmod(rig.place, 0o700);
    return undefined;
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
