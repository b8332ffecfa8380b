import assert from 'node:assert/strict';
import { access, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const branch = 'polecat/nux/gt-00001';

describe('worktrees made ahead', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let spares: string;
  let place: string;
  let trash: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'dir/ü 🦀.txt': 'c\n', '.gitignore': '*.env\n' });
    repository = await box.repository();
    base = await box.at('main');
    const rigs = path.join(box.folder, `the 'rigs'`);
    spares = path.join(rigs, '.spares');
    place = path.join(rigs, 'nux "🦊"');
    trash = path.join(rigs, '.trash');
  });
  afterEach(() => box.end());

  const prepare = (count = 1, git = box.git): Promise<void> =>
    git.prepareSpares(repository, spares, base, count);
  const add = (at = place, name = branch, from = base, git = box.git): Promise<void> =>
    git.addWorktree(repository, at, name, from, spares);
  const left = async (): Promise<string[]> => (await readdir(spares)).sort();
  const admins = async (): Promise<string[]> =>
    readdir(path.join(repository.commonDir, 'worktrees')).catch(() => []);
  const adminNamed = (name: string): string => path.join(repository.commonDir, 'worktrees', name);

  async function assertWhole(at = place, name = branch, commit = base): Promise<void> {
    assert.equal(await box.personIn(at, 'symbolic-ref', 'HEAD'), `refs/heads/${name}`);
    assert.equal((await box.git.head(at)).commit, commit);
    assert.equal(await box.at(`refs/heads/${name}`), commit);
    assert.equal(await box.personIn(at, 'status', '--porcelain', '--ignored'), '');
    assert.ok((await box.person('worktree', 'list')).includes(`\n${at} `));
    assert.equal(await box.person('worktree', 'prune', '--dry-run', '--verbose'), '');
  }

  it('are as many as are wanted, and no more for being asked again', async () => {
    await prepare(2);
    const first = await left();
    assert.equal(first.length, 2);
    await prepare(2);
    await prepare(1);
    assert.deepEqual(await left(), first);
  });

  it('become a polecat’s, whole, on its branch, registered where it stands', async () => {
    await prepare();
    const [admin = ''] = await admins();
    await add();
    await assertWhole();
    assert.deepEqual(await left(), []);
    assert.deepEqual(await admins(), [admin]);
    assert.equal(await readFile(path.join(place, 'dir/ü 🦀.txt'), 'utf8'), 'c\n');
  });

  it('are brought to a newer base, which moves only what changed', async () => {
    await prepare();
    const [spare = ''] = await left();
    const before = await stat(path.join(spares, spare, 'b.txt'));
    const newer = await box.beside(base, { 'a.txt': 'newer\n', 'dir/ü 🦀.txt': null });
    await add(place, branch, newer);
    await assertWhole(place, branch, newer);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'newer\n');
    const after = await stat(path.join(place, 'b.txt'));
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
  });

  it('are brought along while nothing else is to be done, and cleaned of what was left in them', async () => {
    await prepare();
    const [spare = ''] = await left();
    await writeFile(path.join(spares, spare, 'b.txt'), 'tampered\n');
    await writeFile(path.join(spares, spare, 'left.env'), 'left\n');
    base = await box.beside(base, { 'a.txt': 'newer\n' });
    await prepare();
    assert.deepEqual(await left(), [spare]);
    assert.equal(await readFile(path.join(spares, spare, 'a.txt'), 'utf8'), 'newer\n');
    await assert.rejects(access(path.join(spares, spare, 'left.env')));
    await add();
    await assertWhole();
  });

  it('are looked through when another process made them: a power cut may have taken their files', async () => {
    await prepare(2);
    for (const spare of await left()) await writeFile(path.join(spares, spare, 'a.txt'), '');
    const later = openGit();
    await add(place, branch, base, later);
    await assertWhole();
    await prepare(1, later);
    assert.equal(await readFile(path.join(spares, (await left())[0] ?? '', 'a.txt'), 'utf8'), 'a\n');
  });

  it('go to the trash with their polecat and are not used again', async () => {
    await prepare();
    await add();
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    const { trashedTo, keptRef } = await box.git.retire(repository, place, trash);
    assert.match(keptRef ?? '', /^refs\/rigs\/saved\//);
    assert.equal(await box.person('show', `${keptRef ?? ''}:a.txt`), 'work');
    await access(trashedTo ?? '');
    assert.deepEqual(await left(), []);
    assert.deepEqual(await admins(), []);
  });

  it('are not missed: without one a worktree is made', async () => {
    await add();
    await assertWhole();
  });

  it('are each taken once, though polecats of two processes ask at once', async () => {
    await prepare(3);
    const gits = [box.git, openGit()];
    const wanted = Array.from(
      { length: 6 },
      (_, n) => [path.join(box.folder, 'p', `p${String(n)}`), `polecat/p${String(n)}/x`] as const,
    );
    await Promise.all(wanted.map(([at, name], n) => add(at, name, base, gits[n % 2])));
    for (const [at, name] of wanted) await assertWhole(at, name);
    assert.deepEqual(await left(), []);
    assert.equal((await admins()).length, 6);
  });

  it('are taken for no place that holds something else', async () => {
    await prepare();
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'mine.txt'), 'mine\n');
    await assert.rejects(add(), (error) => GitError.is(error, 'taken'));
    assert.deepEqual(await readdir(place), ['mine.txt']);
    assert.equal((await left()).length, 1);
  });

  describe('when the process dies', () => {
    it('while one was filled: it is filled by the next call, not doubled', async () => {
      const spare = path.join(spares, 'spare-half');
      await box.git.prepareSpares(repository, spares, base, 1);
      const [name = ''] = await left();
      await rm(path.join(adminNamed(name), 'index'));
      await rm(path.join(spares, name, 'a.txt'));
      await add(spare, 'polecat/half/x');
      assert.deepEqual(await left(), [name, 'spare-half'].sort(), 'half filled is not taken');
      await prepare();
      await add();
      await assertWhole();
    });

    it('before the rename: it is a spare still', async () => {
      await prepare();
      const [name = ''] = await left();
      await writeFile(path.join(adminNamed(name), 'locked'), 'initializing');
      await prepare();
      assert.deepEqual(await left(), [name]);
      await add();
      await assertWhole();
      assert.doesNotMatch(await box.person('worktree', 'list', '--porcelain'), /^locked/m);
    });

    it('after the rename: the same polecat gets it', async () => {
      await prepare();
      const [name = ''] = await left();
      await writeFile(path.join(adminNamed(name), 'locked'), 'initializing');
      await rename(path.join(spares, name), place);
      await box.person('worktree', 'prune');
      await add();
      await assertWhole();
      assert.deepEqual(await admins(), [name]);
    });

    it('after the rename, and the polecat is given up: it goes to the trash', async () => {
      await prepare();
      const [name = ''] = await left();
      await rename(path.join(spares, name), place);
      const { trashedTo } = await box.git.retire(repository, place, trash);
      await access(path.join(trashedTo ?? '', path.basename(place), 'a.txt'));
      assert.deepEqual(await admins(), []);
    });

    it('while it was checked out: the same polecat gets it, on a base that moved meanwhile', async () => {
      await prepare();
      const [name = ''] = await left();
      const half = await box.beside(base, { 'a.txt': 'half\n', 'n.txt': 'n\n' });
      await rename(path.join(spares, name), place);
      await box.person('worktree', 'repair', place);
      await box.person('branch', '-q', '--no-track', branch, half);
      await box.personIn(place, 'checkout', '-q', branch);
      await writeFile(path.join(adminNamed(name), 'index.lock'), '');
      await add();
      await assertWhole();
    });

    it('leaves a copy that somebody made of a spare alone', async () => {
      await prepare();
      const [name = ''] = await left();
      await mkdir(place, { recursive: true });
      await writeFile(path.join(place, '.git'), await readFile(path.join(spares, name, '.git')));
      await assert.rejects(add(), (error) => GitError.is(error, 'taken'));
      assert.deepEqual(await left(), [name]);
    });
  });

  it('are left unfinished when their making is called off, and finished later', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(box.git.prepareSpares(repository, spares, base, 1, stop.signal), /enough/);
    await prepare();
    assert.equal((await left()).length, 1);
  });
});
