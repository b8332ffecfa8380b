import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type LandResult, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

describe('landing', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let onto: CommitId;

  beforeEach(async () => {
    box = await sandbox({
      'a.txt': 'a\n',
      'b.txt': 'b\n',
      'dir/c.txt': 'c\n',
      '.gitignore': '*.env\nbuild/\n',
    });
    repository = await box.repository();
    onto = await box.at('main');
  });
  afterEach(() => box.end());

  const land = (commit: CommitId): Promise<LandResult> => box.git.land(repository, 'main', onto, commit);
  const status = async (): Promise<readonly string[]> =>
    (await box.person('status', '--porcelain', '--untracked-files=all'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.trim());

  async function assertLanded(commit: CommitId): Promise<void> {
    assert.equal(await box.at('main'), commit);
    assert.equal(await box.at('HEAD'), commit);
  }
  function leftAlone(result: LandResult): readonly string[] {
    assert.ok(result.ok && result.checkout.kind === 'left_alone', JSON.stringify(result));
    return result.checkout.files;
  }

  it('moves the target and takes a clean checkout along', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'dir/c.txt': null, 'dir/e/d.txt': 'd\n' });
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    await assertLanded(commit);
    assert.equal(await box.read('a.txt'), 'new\n');
    assert.deepEqual(await status(), []);
  });

  it('takes files along whose content is unchanged though they were saved again', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await box.write('a.txt', 'a\n');
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.deepEqual(await status(), []);
  });

  it('moves only the ref when nobody has the target checked out', async () => {
    await box.person('switch', '-q', '-c', 'elsewhere');
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'not_checked_out' } });
    assert.equal(await box.at('main'), commit);
    assert.equal(await box.read('a.txt'), 'a\n');
  });

  it('refuses when the target moved, and says where it is', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    const found = await box.commit({ 'b.txt': 'the person was faster\n' });
    await box.write('a.txt', 'being edited\n');
    assert.deepEqual(await land(commit), { ok: false, found });
    assert.equal(await box.at('main'), found);
    assert.deepEqual(await status(), ['M a.txt']);
  });

  it('refuses when the target is gone', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await box.person('switch', '-q', '--detach');
    await box.person('branch', '-q', '-D', 'main');
    assert.deepEqual(await land(commit), { ok: false, found: null });
  });

  it('keeps changes in files the landing does not touch, staged and not', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await box.write('b.txt', 'staged\n');
    await box.person('add', 'b.txt');
    await box.write('b.txt', 'staged and edited\n');
    await box.write('note.txt', 'mine\n');
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.deepEqual(await status(), ['MM b.txt', '?? note.txt']);
    assert.equal(await box.person('show', ':b.txt'), 'staged');
    assert.equal(await box.read('b.txt'), 'staged and edited\n');
    assert.equal(await box.read('a.txt'), 'new\n');
  });

  it('leaves an edited file alone, shows it as modified, and takes the others along', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n' });
    await box.write('a.txt', 'mine\n');
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    await assertLanded(commit);
    assert.equal(await box.read('a.txt'), 'mine\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
    assert.deepEqual(await status(), ['M a.txt']);
  });

  it('keeps what is staged, and what was edited after staging', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n' });
    await box.write('a.txt', 'staged\n');
    await box.person('add', 'a.txt');
    await box.write('a.txt', 'edited later\n');
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.equal(await box.person('show', ':a.txt'), 'staged');
    assert.equal(await box.read('a.txt'), 'edited later\n');
    assert.deepEqual(await status(), ['MM a.txt']);
  });

  it('never overwrites an untracked file', async () => {
    const commit = await box.beside(onto, { 'new.txt': 'landed\n', 'b.txt': 'new b\n' });
    await box.write('new.txt', 'mine\n');
    assert.deepEqual(leftAlone(await land(commit)), ['new.txt']);
    assert.equal(await box.read('new.txt'), 'mine\n');
    assert.deepEqual(await status(), ['M new.txt']);
  });

  it('never overwrites an ignored file, which git itself would', async () => {
    const commit = await box.beside(onto, { 'local.env': 'landed\n', 'b.txt': 'new b\n' });
    await box.write('local.env', 'SECRET=1\n');
    assert.deepEqual(leftAlone(await land(commit)), ['local.env']);
    assert.equal(await box.read('local.env'), 'SECRET=1\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('takes an untracked file that already has the landed content for landed', async () => {
    const commit = await box.beside(onto, { 'new.txt': 'same\n' });
    await box.write('new.txt', 'same\n');
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.deepEqual(await status(), []);
  });

  it('does not bring back a file the person deleted', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await rm(path.join(box.root, 'a.txt'));
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.deepEqual(await status(), ['D a.txt']);
  });

  it('does not bring back a file whose deletion is staged', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n' });
    await box.person('rm', '-q', 'a.txt');
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.deepEqual(await status(), ['D  a.txt'.trim()]);
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('keeps a file the landing deletes but the person edited', async () => {
    const commit = await box.beside(onto, { 'a.txt': null, 'b.txt': 'new b\n' });
    await box.write('a.txt', 'still needed\n');
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.equal(await box.read('a.txt'), 'still needed\n');
    assert.deepEqual(await status(), ['?? a.txt']);
  });

  it('keeps a staged rename of a file the landing changes', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await box.person('mv', 'a.txt', 'moved.txt');
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.equal(await box.read('moved.txt'), 'a\n');
    assert.equal(await box.person('show', ':moved.txt'), 'a');
    assert.deepEqual((await readdir(box.root)).includes('a.txt'), false);
  });

  it('keeps an unstaged rename of a file the landing changes', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await rename(path.join(box.root, 'a.txt'), path.join(box.root, 'moved.txt'));
    assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
    assert.deepEqual(await status(), ['D a.txt', '?? moved.txt']);
  });

  it('keeps an untracked file where the landing needs a folder', async () => {
    const commit = await box.beside(onto, { 'lib/x.txt': 'x\n', 'b.txt': 'new b\n' });
    await box.write('lib', 'a file of mine\n');
    assert.deepEqual(leftAlone(await land(commit)), ['lib/x.txt']);
    assert.equal(await box.read('lib'), 'a file of mine\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('keeps an untracked folder where the landing needs a file, its ignored files too', async () => {
    const commit = await box.beside(onto, { thing: 'a file\n', 'b.txt': 'new b\n' });
    await box.write('thing/local.env', 'SECRET=1\n');
    assert.deepEqual(leftAlone(await land(commit)), ['thing']);
    assert.equal(await box.read('thing/local.env'), 'SECRET=1\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('keeps untracked files in a tracked folder that the landing turns into a file', async () => {
    const commit = await box.beside(onto, { 'dir/c.txt': null, dir: 'now a file\n', 'b.txt': 'new b\n' });
    await box.write('dir/mine.txt', 'mine\n');
    const files = leftAlone(await land(commit));
    assert.ok(files.includes('dir'));
    assert.equal(await box.read('dir/mine.txt'), 'mine\n');
    assert.equal(await box.read('dir/c.txt'), 'c\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('turns a clean folder into a file and back', async () => {
    const commit = await box.beside(onto, {
      'dir/c.txt': null,
      dir: 'now a file\n',
      'a.txt': null,
      'a.txt/x': 'deep\n',
    });
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.equal(await box.read('dir'), 'now a file\n');
    assert.equal(await box.read('a.txt/x'), 'deep\n');
    assert.deepEqual(await status(), []);
  });

  it('keeps an edited file that the landing turns into a folder', async () => {
    const commit = await box.beside(onto, { 'a.txt': null, 'a.txt/x': 'deep\n', 'b.txt': 'new b\n' });
    await box.write('a.txt', 'mine\n');
    assert.deepEqual([...leftAlone(await land(commit))].sort(), ['a.txt', 'a.txt/x']);
    assert.equal(await box.read('a.txt'), 'mine\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('keeps a staged file that the landing turns into a folder', async () => {
    const commit = await box.beside(onto, { 'a.txt': null, 'a.txt/x': 'deep\n', 'b.txt': 'new b\n' });
    await box.write('a.txt', 'staged\n');
    await box.person('add', 'a.txt');
    assert.deepEqual([...leftAlone(await land(commit))].sort(), ['a.txt', 'a.txt/x']);
    assert.equal(await box.person('show', ':a.txt'), 'staged');
    assert.equal(await box.read('a.txt'), 'staged\n');
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('writes nothing through a link the person made of a folder', async () => {
    const outside = path.join(box.folder, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'c.txt'), 'c\n');
    const commit = await box.beside(onto, { 'dir/c.txt': 'new\n', 'dir/d.txt': 'd\n' });
    await rm(path.join(box.root, 'dir'), { recursive: true });
    await symlink(outside, path.join(box.root, 'dir'));
    assert.deepEqual([...leftAlone(await land(commit))].sort(), ['dir/c.txt', 'dir/d.txt']);
    assert.equal(await readFile(path.join(outside, 'c.txt'), 'utf8'), 'c\n');
    assert.deepEqual(await readdir(outside), ['c.txt']);
  });

  for (const flag of ['assume-unchanged', 'skip-worktree']) {
    it(`keeps a file the person hides from git by ${flag}, and keeps it hidden`, async () => {
      const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n' });
      await box.person('update-index', `--${flag}`, 'a.txt');
      await box.write('a.txt', 'hidden edit\n');
      assert.deepEqual(leftAlone(await land(commit)), ['a.txt']);
      assert.equal(await box.read('a.txt'), 'hidden edit\n');
      assert.equal(await box.read('b.txt'), 'new b\n');
      assert.deepEqual(await status(), []);
    });
  }

  it('waits while the person has a merge to finish, and moves nothing', async () => {
    await box.person('switch', '-q', '-c', 'side');
    await box.commit({ 'a.txt': 'side\n' });
    await box.person('switch', '-q', 'main');
    onto = await box.commit({ 'a.txt': 'main\n' });
    const commit = await box.beside(onto, { 'b.txt': 'new b\n' });
    await assert.rejects(box.person('merge', 'side'));
    const before = await status();
    await assert.rejects(land(commit), (error) => GitError.is(error, 'locked'));
    assert.equal(await box.at('main'), onto);
    assert.deepEqual(await status(), before);
  });

  it('waits while another git holds the index, and moves nothing', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await writeFile(path.join(box.root, '.git', 'index.lock'), '');
    await assert.rejects(land(commit), (error) => GitError.is(error, 'locked'));
    assert.equal(await box.at('main'), onto);
    assert.equal(await box.read('a.txt'), 'a\n');
  });

  it('brings the files along when called again after a crash between ref and files', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n', 'dir/c.txt': null });
    await box.person('update-ref', 'refs/heads/main', commit);
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.deepEqual(await status(), []);
  });

  it('brings the rest along when called again after a crash between files', async () => {
    const commit = await box.beside(onto, {
      'a.txt': 'new\n',
      'b.txt': 'new b\n',
      'n.txt': 'n\n',
      'dir/c.txt': null,
    });
    await box.person('update-ref', 'refs/heads/main', commit);
    await box.write('a.txt', 'new\n');
    await box.write('n.txt', 'n\n');
    await rm(path.join(box.root, 'dir/c.txt'));
    assert.deepEqual(await land(commit), { ok: true, checkout: { kind: 'moved_along' } });
    assert.deepEqual(await status(), []);
    assert.equal(await box.read('b.txt'), 'new b\n');
  });

  it('changes nothing when called again for a commit that landed and was built upon', async () => {
    const commit = await box.beside(onto, { 'a.txt': 'new\n' });
    await land(commit);
    const later = await box.commit({ 'b.txt': 'on top\n' });
    await box.write('a.txt', 'editing\n');
    assert.ok((await land(commit)).ok);
    assert.equal(await box.at('main'), later);
    assert.deepEqual(await status(), ['M a.txt']);
  });

  it('takes along a target checked out in another worktree of the person', async () => {
    await box.person('switch', '-q', '-c', 'elsewhere');
    const other = path.join(box.folder, 'other tree');
    await box.person('worktree', 'add', '-q', other, 'main');
    const commit = await box.beside(onto, { 'a.txt': 'new\n', 'b.txt': 'new b\n' });
    await writeFile(path.join(other, 'b.txt'), 'mine\n');
    assert.deepEqual(leftAlone(await land(commit)), ['b.txt']);
    assert.equal(await readFile(path.join(other, 'a.txt'), 'utf8'), 'new\n');
    assert.equal(await readFile(path.join(other, 'b.txt'), 'utf8'), 'mine\n');
    assert.equal(await box.read('a.txt'), 'a\n');
  });

  it('copes with names that hold spaces, quotes, line breaks and emoji', async () => {
    const odd = 'd i"r/n\new 🦀.txt';
    const commit = await box.beside(onto, { [odd]: 'landed\n', 'ü "q".txt': 'q\n' });
    await box.write(odd, 'mine\n');
    assert.deepEqual(leftAlone(await land(commit)), [odd]);
    assert.equal(await box.read(odd), 'mine\n');
    assert.equal(await box.read('ü "q".txt'), 'q\n');
  });

  it('lets only one of two landings on the same place through', async () => {
    const first = await box.beside(onto, { 'a.txt': 'one\n' });
    const second = await box.beside(onto, { 'b.txt': 'two\n' });
    const results = await Promise.all(
      [land(first), land(second)].map((one) => one.catch((error: unknown) => error)),
    );
    assert.equal(results.filter((one) => one instanceof Object && 'ok' in one && one.ok).length, 1);
    assert.deepEqual(await status(), []);
  });
});
