import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { reapply as reapplyWith } from '../../../src/git/reapply.ts';
import { type RunGit, createRunGit } from '../../../src/git/run.ts';
import { GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

describe("the queue's own worktree", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let room: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n', '.gitignore': 'node_modules\n' });
    repository = await box.repository();
    base = await box.at('main');
    room = path.join(box.folder, 'rigs', '.queue');
  });
  afterEach(() => box.end());

  const clean = (commit: CommitId): Promise<void> => box.git.cleanWorktree(repository, room, commit);
  async function assertCleanAt(commit: CommitId): Promise<void> {
    assert.equal((await box.git.head(room)).commit, commit);
    assert.equal(await box.personIn(room, 'status', '--porcelain', '--ignored'), '');
    await assert.rejects(box.personIn(room, 'symbolic-ref', '-q', 'HEAD'));
  }
  const admin = (): Promise<string> => box.personIn(room, 'rev-parse', '--absolute-git-dir');

  it('is made where there is none, and recycled with nothing left of what it was used for', async () => {
    await clean(base);
    await assertCleanAt(base);
    await mkdir(path.join(room, 'node_modules/x'), { recursive: true });
    await writeFile(path.join(room, 'node_modules/x/i.js'), '');
    await writeFile(path.join(room, 'a.txt'), 'tampered\n');
    await writeFile(path.join(room, 'left over'), '');
    await mkdir(path.join(room, 'inner'));
    await box.personIn(path.join(room, 'inner'), 'init', '-q');
    await box.personIn(room, 'add', 'left over');
    const next = await box.beside(base, { 'b.txt': 'next\n' });
    await clean(next);
    await assertCleanAt(next);
  });

  it('does not let a check hide what it left behind from the next one', async () => {
    await clean(base);
    await writeFile(path.join(room, 'a.txt'), 'tampered\n');
    await box.personIn(room, 'update-index', '--assume-unchanged', 'a.txt');
    await clean(base);
    assert.equal(await readFile(path.join(room, 'a.txt'), 'utf8'), '1\n2\n3\n4\n5\n');
  });

  it('recovers from a rebase and a lock that a crash left', async () => {
    await clean(base);
    const mine = await box.beside(base, { 'a.txt': 'x\n' });
    const other = await box.beside(base, { 'a.txt': 'y\n' });
    await box.personIn(room, 'checkout', '-q', '--detach', mine);
    await assert.rejects(box.personIn(room, 'rebase', other));
    const lock = path.join(await admin(), 'index.lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    await clean(other);
    await assertCleanAt(other);
    assert.deepEqual(
      (await readdir(await admin())).filter((name) => name.startsWith('rebase')),
      [],
    );
  });

  it('is made anew where somebody left a lock in it, and what stood there is kept in the trash', async () => {
    await clean(base);
    await writeFile(path.join(room, 'left over'), 'kept\n');
    await writeFile(path.join(await admin(), 'index.lock'), '');
    await clean(base);
    await assertCleanAt(base);
    const trash = path.join(path.dirname(room), '.trash');
    const kept = (await readdir(trash, { recursive: true })).filter((name) => name.endsWith('left over'));
    assert.equal(kept.length, 1);
  });

  it("is never a person's worktree", async () => {
    await box.person('worktree', 'add', '-q', '--detach', room);
    await writeFile(path.join(room, 'mine.txt'), 'mine\n');
    await assert.rejects(clean(base), (error) => GitError.is(error, 'taken'));
    assert.equal(await readFile(path.join(room, 'mine.txt'), 'utf8'), 'mine\n');
  });
});

describe('taking work onto a newer target', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let place: string;
  const branch = 'polecat/nux/gt-00001';

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
    repository = await box.repository();
    base = await box.at('main');
    place = path.join(box.folder, 'rigs', 'nux');
    await box.git.addWorktree(repository, place, branch, base);
  });
  afterEach(() => box.end());

  const put = (file: string, text: string): Promise<void> => writeFile(path.join(place, file), text);
  const saved = async (): Promise<readonly string[]> =>
    (await box.person('for-each-ref', '--format=%(objectname)', 'refs/rigs/saved/'))
      .split('\n')
      .filter((one) => one !== '');

  it('leaves the whole diff as uncommitted changes on the new base, the old tip saved', async () => {
    await put('a.txt', '1\n2\n3\n4\nfive\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    await put('new.txt', 'not committed\n');
    const onto = await box.beside(base, { 'a.txt': 'one\n2\n3\n4\n5\n', 'c.txt': null });
    assert.deepEqual(await box.git.reapply(repository, place, branch, onto), { conflicts: [] });
    assert.equal((await box.git.head(place)).commit, onto);
    assert.equal(await box.at(`refs/heads/${branch}`), onto);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'one\n2\n3\n4\nfive\n');
    assert.deepEqual([...(await box.git.uncommitted(place))].sort(), ['a.txt', 'new.txt']);
    const [ref = ''] = await saved();
    assert.equal(await box.person('rev-parse', `${ref}^`), tip);
    assert.equal(await box.person('show', `${ref}:new.txt`), 'not committed');
  });

  it('marks conflicts in the files, names them, and leaves no merge to finish', async () => {
    await put('a.txt', 'mine\n');
    await put('b.txt', 'fine\n');
    await box.git.commitAll(place, 'work', branch);
    const onto = await box.beside(base, { 'a.txt': 'theirs\n' });
    assert.deepEqual(await box.git.reapply(repository, place, branch, onto), { conflicts: ['a.txt'] });
    assert.match(await readFile(path.join(place, 'a.txt'), 'utf8'), /<{7} [^]*theirs\n={7}\nmine\n>{7} /);
    assert.equal(await readFile(path.join(place, 'b.txt'), 'utf8'), 'fine\n');
    assert.deepEqual([...(await box.git.uncommitted(place))].sort(), ['a.txt', 'b.txt']);
    assert.equal(await box.personIn(place, 'ls-files', '--unmerged'), '');
    await assert.rejects(box.personIn(place, 'rev-parse', '-q', '--verify', 'MERGE_HEAD'));
  });

  it('starts from the middle of a rebase the agent left, and loses none of its commits', async () => {
    await put('a.txt', 'mine\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    const other = await box.beside(base, { 'a.txt': 'theirs\n' });
    await assert.rejects(box.personIn(place, 'rebase', other));
    await box.git.reapply(repository, place, branch, other);
    assert.equal(await box.personIn(place, 'symbolic-ref', '--short', 'HEAD'), branch);
    assert.equal((await box.git.head(place)).commit, other);
    const kept = await saved();
    assert.ok(kept.includes(tip ?? ''));
  });

  it('overwrites no file that was saved while its work was looked at', async () => {
    await put('a.txt', 'mine\n');
    const onto = await box.beside(base, { 'b.txt': 'theirs\n' });
    const plain = createRunGit('git');
    const git: RunGit = async (args, options) => {
      if (args[0] === 'merge-tree') await put('a.txt', 'mine, and more\n');
      return plain(args, options);
    };
    await assert.rejects(reapplyWith(git, repository, place, branch, onto), (error) =>
      GitError.is(error, 'locked'),
    );
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'mine, and more\n');
    await box.git.reapply(repository, place, branch, onto);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'mine, and more\n');
    assert.equal(await readFile(path.join(place, 'b.txt'), 'utf8'), 'theirs\n');
  });

  it('is finished by a second call after a crash before the branch moved', async () => {
    await put('b.txt', 'work\n');
    await box.git.commitAll(place, 'work', branch);
    const onto = await box.beside(base, { 'a.txt': 'theirs\n' });
    const merged = await box.person('merge-tree', '--write-tree', onto, branch);
    await box.personIn(place, 'read-tree', '--reset', '-u', merged);
    assert.deepEqual(await box.git.reapply(repository, place, branch, onto), { conflicts: [] });
    assert.deepEqual(await box.git.uncommitted(place), ['b.txt']);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'theirs\n');
  });
});
