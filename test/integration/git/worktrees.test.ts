import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { startHere } from '../../../src/git/running.ts';
import { GitError, type GitErrorReason, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const because = (reason: GitErrorReason) => (error: unknown) => GitError.is(error, reason);

describe("a polecat's worktree", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let place: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'dir/ü 🦀.txt': 'c\n', '.gitignore': 'ignored\n' });
    repository = await box.repository();
    base = await box.at('main');
    place = path.join(box.folder, `the 'rigs'`, 'nux "🦊"');
  });
  afterEach(() => box.end());

  const add = (at = place, branch = 'polecat/nux/gt-00001'): Promise<void> =>
    box.git.addWorktree(repository, at, branch, base);
  const branchAt = (at: string): Promise<string> => box.personIn(at, 'symbolic-ref', '--short', 'HEAD');

  it('stands on a new branch at the base, complete, with nothing to track', async () => {
    await add();
    assert.equal(await branchAt(place), 'polecat/nux/gt-00001');
    assert.deepEqual(await box.git.head(place), await box.git.tip(repository, 'main'));
    assert.equal(await readFile(path.join(place, 'dir/ü 🦀.txt'), 'utf8'), 'c\n');
    assert.deepEqual(await box.git.uncommitted(place), []);
    await assert.rejects(box.person('config', '--get-regexp', '^branch\\.'));
  });

  it('is adopted with its work when it is there already', async () => {
    await add();
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    await box.git.commitAll(place, 'work', 'polecat/nux/gt-00001');
    await writeFile(path.join(place, 'b.txt'), 'more work\n');
    const head = await box.git.head(place);
    await add();
    assert.deepEqual(await box.git.head(place), head);
    assert.equal(await readFile(path.join(place, 'b.txt'), 'utf8'), 'more work\n');
  });

  it('is finished when a crash came between registering and filling it', async () => {
    await box.person('worktree', 'add', '-q', '--no-checkout', '-b', 'polecat/nux/gt-00001', place, base);
    await add();
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'a\n');
    assert.deepEqual(await box.git.uncommitted(place), []);
  });

  it('uses a branch that a crash left at the base', async () => {
    await box.person('branch', '-q', '--no-track', 'polecat/nux/gt-00001', base);
    await add();
    assert.equal(await branchAt(place), 'polecat/nux/gt-00001');
  });

  it('comes back when its folder went away without its registration', async () => {
    await add();
    await rm(place, { recursive: true });
    await add();
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'a\n');
  });

  it('takes the name of a retired one, whose commits stay reachable', async () => {
    const old = await box.beside(base, { 'a.txt': 'old work\n' });
    await box.person('update-ref', 'refs/heads/polecat/nux/gt-00001', old);
    await add();
    assert.equal((await box.git.head(place)).commit, base);
    assert.equal(
      await box.person('for-each-ref', '--format=%(objectname)', 'refs/rigs/saved/polecat/nux/'),
      old,
    );
  });

  it("never takes a person's branch, nor one that is checked out", async () => {
    const own = await box.beside(base, { 'a.txt': 'own\n' });
    await box.person('update-ref', 'refs/heads/feature', own);
    await assert.rejects(add(place, 'feature'), because('taken'));
    await assert.rejects(add(place, 'main'), because('taken'));
    assert.equal(await box.at('feature'), own);
  });

  it('never takes a folder that holds something else', async () => {
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'mine.txt'), 'mine\n');
    await assert.rejects(add(), because('taken'));
    assert.deepEqual(await readdir(place), ['mine.txt']);
    assert.deepEqual(await box.git.branches(repository), ['main']);
  });

  it('never takes a worktree of another branch', async () => {
    await box.person('worktree', 'add', '-q', '-b', 'feature', place);
    await writeFile(path.join(place, 'mine.txt'), 'mine\n');
    await assert.rejects(add(), because('taken'));
    assert.equal(await readFile(path.join(place, 'mine.txt'), 'utf8'), 'mine\n');
  });

  for (const name of ['--orphan', '-b', 'a..b', 'a b', '', 'HEAD', 'x.lock', '../x', 'a\0b']) {
    it(`has no branch called ${JSON.stringify(name)}`, async () => {
      await assert.rejects(add(place, name), because('bad_name'));
    });
  }

  it('is made twenty times at once without one failing', async function () {
    this.timeout(60_000);
    const names = Array.from({ length: 20 }, (_, index) => `p${String(index)}`);
    // Two of them stand for two processes: the turns of one do not hold up the other, only the retry helps.
    const other = openGit();
    await Promise.all(
      names.map((name, index) =>
        (index % 2 === 0 ? box.git : other).addWorktree(
          repository,
          path.join(box.folder, 'many', name),
          `polecat/${name}/gt-00001`,
          base,
        ),
      ),
    );
    for (const name of names) {
      const at = path.join(box.folder, 'many', name);
      assert.equal(await branchAt(at), `polecat/${name}/gt-00001`);
      assert.equal(await readFile(path.join(at, 'a.txt'), 'utf8'), 'a\n');
    }
  });

  it('is made although a sibling was half written five times, each try having left its branch', async function () {
    if (process.platform === 'win32') this.skip();
    const wrapper = path.join(box.folder, 'racing git');
    const lines = [
      '#!/bin/sh',
      // Words as git says them; what it leaves behind is the branch it had made before it died.
      `tries='${path.join(box.folder, 'tries')}'`,
      'case "$*" in *"worktree add"*)',
      '  echo x >> "$tries"',
      '  if [ "$(wc -l < "$tries")" -le 5 ]; then',
      '    [ "$(wc -l < "$tries")" -gt 1 ] || git branch -q --no-track polecat/nux/gt-00001',
      '    echo "fatal: failed to read .git/worktrees/toast/commondir: Success" >&2; exit 128',
      '  fi ;;',
      'esac',
      'exec git "$@"',
    ];
    await writeFile(wrapper, lines.join('\n'), { mode: 0o755 });
    await openGit({ gitPath: wrapper }).addWorktree(repository, place, 'polecat/nux/gt-00001', base);
    assert.equal((await readFile(path.join(box.folder, 'tries'), 'utf8')).length, 12);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'a\n');
  });

  it('leaves no branch behind when it could not be made after all', async function () {
    if (process.platform === 'win32') this.skip();
    const wrapper = path.join(box.folder, 'failing git');
    const lines = [
      '#!/bin/sh',
      'case "$*" in *"worktree add"*)',
      '  git branch -q --no-track polecat/nux/gt-00001 2>/dev/null',
      '  echo "fatal: failed to read .git/worktrees/toast/commondir: Success" >&2; exit 128 ;;',
      'esac',
      'exec git "$@"',
    ];
    await writeFile(wrapper, lines.join('\n'), { mode: 0o755 });
    const made = openGit({ gitPath: wrapper }).addWorktree(repository, place, 'polecat/nux/gt-00001', base);
    await assert.rejects(made, because('failed'));
    assert.deepEqual(await box.git.branches(repository), ['main']);
  });

  it('is made by one call when the same is asked for twice at once', async () => {
    await Promise.all([add(), add(), add()]);
    assert.deepEqual(await box.git.uncommitted(place), []);
  });

  it('shares with those that start beside it what is asked of git once', async () => {
    const calls: string[] = [];
    const git = openGit({
      start: (call, reader) => {
        calls.push(call.args.find((word) => /^[a-z][a-z-]+$/.test(word)) ?? '');
        return startHere(call, reader);
      },
    });
    await git.takeLease(repository, { rig: 'r1', epoch: 1 });
    const names = ['ace', 'nux', 'slit', 'toast', 'dag'];
    calls.length = 0;
    const made = names.map(async (name) => {
      const from = await git.freshestBase(repository, 'main');
      const at = path.join(box.folder, 'many', name);
      await git.addWorktree(repository, at, `polecat/${name}/1`, from);
      await git.furnish(repository, at, { commit: from, share: {} });
      assert.equal(await readFile(path.join(at, 'a.txt'), 'utf8'), 'a\n');
    });
    await Promise.all(made);
    // Whether its configuration is as it was is looked at as often as a file is too fresh to tell.
    const counts = new Map(calls.map((name) => [name, calls.filter((one) => one === name).length]));
    counts.delete('config');
    assert.deepEqual(Object.fromEntries(counts), {
      'for-each-ref': 1,
      // The first does not wait for the others.
      'update-ref': 2,
      worktree: 5,
      'read-tree': 5,
      'ls-tree': 1,
    });
  });

  it('is made although one that starts beside it may not have its branch', async () => {
    await box.person('branch', '-q', 'mine', await box.commit({ 'a.txt': 'by hand\n' }));
    const branches = ['polecat/a/1', 'polecat/b/1', 'mine', 'polecat/c/1'];
    const made = branches.map((branch) => add(path.join(box.folder, 'many', branch), branch));
    const ended = await Promise.allSettled(made);
    assert.deepEqual(
      ended.map((one) => one.status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await box.git.branches(repository), ['main', ...branches.toSorted()].toSorted());
  });
});

describe('committing for an agent', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'gone.txt': 'g\n', '.gitignore': 'ignored\n' });
  });
  afterEach(() => box.end());

  it('takes what is changed, new and deleted, and leaves what is ignored', async () => {
    await box.write('a.txt', 'changed\n');
    await box.write('new "ü"\n🦀.txt', 'new\n');
    await box.write('ignored', 'x');
    await rm(path.join(box.root, 'gone.txt'));
    const commit = await box.git.commitAll(box.root, '-m --amend\n\nnot an option\n', 'main');
    assert.equal(commit, await box.at('HEAD'));
    assert.equal(await box.person('log', '-1', '--format=%s'), '-m --amend');
    const repository = await box.repository();
    const stat = await box.git.diffStat(repository, await box.at('HEAD~1'), await box.at('HEAD'));
    assert.deepEqual(stat, { files: ['a.txt', 'gone.txt', 'new "ü"\n🦀.txt'], insertions: 2, deletions: 2 });
    assert.equal(await box.read('ignored'), 'x');
  });

  it('says null when there is nothing, also when a file was only touched', async () => {
    await box.write('a.txt', 'a\n');
    assert.equal(await box.git.commitAll(box.root, 'nothing', 'main'), null);
  });

  it('is by the person when git knows them', async () => {
    await box.write('a.txt', 'changed\n');
    await box.git.commitAll(box.root, 'work', 'main');
    assert.equal(await box.person('log', '-1', '--format=%an %ae %cn'), 'Ada ada@example.invalid Ada');
  });

  it('is by Rigs when nobody told git who they are', async () => {
    await box.person('config', '--remove-section', 'user');
    await box.person('config', 'user.useConfigOnly', 'true');
    await box.write('a.txt', 'changed\n');
    await box.git.commitAll(box.root, 'work', 'main');
    assert.equal(await box.person('log', '-1', '--format=%an <%ae>'), 'Rigs <rigs@localhost>');
  });

  it('leaves foreign repositories inside a worktree alone, empty ones too', async () => {
    await box.write('a.txt', 'changed\n');
    for (const name of ['empty', 'full [x]*']) {
      await mkdir(path.join(box.root, name));
      await box.personIn(path.join(box.root, name), 'init', '-q');
    }
    await writeFile(path.join(box.root, 'full [x]*', 'f'), 'f');
    await box.personIn(path.join(box.root, 'full [x]*'), 'add', '.');
    await box.personIn(path.join(box.root, 'full [x]*'), 'commit', '-q', '-m', 'inner');
    assert.notEqual(await box.git.commitAll(box.root, 'work', 'main'), null);
    assert.equal(await box.person('ls-tree', '-r', '--name-only', 'HEAD'), '.gitignore\na.txt\ngone.txt');
    assert.equal(await box.git.commitAll(box.root, 'again', 'main'), null);
  });

  it('finishes a merge the agent left with its conflicts marked', async () => {
    await box.person('switch', '-q', '-c', 'side');
    await box.commit({ 'a.txt': 'side\n' });
    await box.person('switch', '-q', 'main');
    await box.commit({ 'a.txt': 'main\n' });
    await assert.rejects(box.person('merge', 'side'));
    assert.notEqual(await box.git.commitAll(box.root, 'merged', 'main'), null);
    assert.equal((await box.person('log', '-1', '--format=%P')).split(' ').length, 2);
  });
});
