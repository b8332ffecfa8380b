import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { type Git, GitError, type GitErrorReason, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const branch = 'polecat/nux/gt-00001';
const because = (reason: GitErrorReason) => (error: unknown) => GitError.is(error, reason);

describe("a commit of an agent's work", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let place: string;
  let admin: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n' });
    repository = await box.repository();
    base = await box.at('main');
    place = path.join(box.folder, 'rigs', 'nux');
    await box.git.addWorktree(repository, place, branch, base);
    admin = path.join(repository.commonDir, 'worktrees', 'nux');
  });
  afterEach(() => box.end());

  const put = (text: string): Promise<void> => writeFile(path.join(place, 'a.txt'), text);

  it('leaves the worktree clean on its branch, and tells of itself in both logs', async () => {
    await put('work\n');
    const commit = await box.git.commitAll(place, '\n\nAdd work  \n\n\n\nBead: x\t\n\n', branch);
    assert.equal(await box.at(branch), commit);
    assert.equal(await box.personIn(place, 'symbolic-ref', 'HEAD'), `refs/heads/${branch}`);
    assert.equal(await box.personIn(place, 'status', '--porcelain'), '');
    assert.equal(await box.person('log', '-1', '--format=%B', branch), 'Add work\n\nBead: x');
    for (const log of [
      path.join(admin, 'logs/HEAD'),
      path.join(repository.commonDir, 'logs/refs/heads', branch),
    ]) {
      assert.match(await readFile(log, 'utf8'), new RegExp(`${commit ?? ''} .*\tcommit: Add work`));
    }
  });

  it('moves a HEAD that stands on no branch, and no other', async () => {
    await box.personIn(place, 'checkout', '-q', '--detach');
    await put('work\n');
    const commit = await box.git.commitAll(place, 'work', branch);
    assert.equal((await box.git.head(place)).commit, commit);
    assert.equal(await box.at(branch), base);
    assert.equal(await box.at('HEAD'), base);
    assert.match(await readFile(path.join(admin, 'logs/HEAD'), 'utf8'), new RegExp(`${commit ?? ''} `));
  });

  it("comes on top of the agent's own, made at the same moment", async () => {
    await put('work\n');
    const [ours] = await Promise.all([
      box.git.commitAll(place, 'ours', branch),
      box.personIn(place, 'commit', '-q', '--allow-empty', '-m', 'theirs'),
    ]);
    const log = await box.person('log', '--format=%s', `${base}..${branch}`);
    assert.ok(ours !== null && log.includes('ours'));
    assert.equal(await box.person('show', `${branch}:a.txt`), 'work');
    assert.deepEqual(await box.git.uncommitted(place), []);
  });

  it('waits for nobody who died long ago with the index in hand, and respects the living', async () => {
    const lock = path.join(admin, 'index.lock');
    await writeFile(lock, '');
    await put('work\n');
    await assert.rejects(box.git.commitAll(place, 'work', branch), because('locked'));
    assert.equal(await box.at(branch), base);
    const longAgo = new Date(Date.now() - 11 * 60_000);
    await utimes(lock, longAgo, longAgo);
    assert.notEqual(await box.git.commitAll(place, 'work', branch), null);
  });

  it("goes to no branch but the worktree's own, whatever the agent checked out", async () => {
    await box.person('switch', '-q', '-c', 'feature');
    await box.personIn(place, 'switch', '-q', 'main');
    await put('work\n');
    const refs = await box.person('for-each-ref');
    await assert.rejects(box.git.commitAll(place, 'work', branch), (error) => {
      assert.ok(GitError.is(error, 'taken'));
      assert.match(error.message, /stands on main .* branch polecat\/nux\/gt-00001.*git switch/s);
      return true;
    });
    assert.equal(await box.person('for-each-ref'), refs);
    assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'work\n');
    await box.personIn(place, 'switch', '-q', branch);
    const commit = await box.git.commitAll(place, 'work', branch);
    assert.equal(await box.at(branch), commit);
    assert.equal(await box.at('main'), base);
  });

  it('goes to nothing but a branch', async () => {
    await box.personIn(place, 'update-ref', 'refs/rigs/lease', base);
    await box.personIn(place, 'symbolic-ref', 'HEAD', 'refs/rigs/lease');
    await put('work\n');
    await assert.rejects(box.git.commitAll(place, 'work', branch), because('taken'));
    assert.equal(await box.at('refs/rigs/lease'), base);
  });

  describe('by an owner that has been followed by another', () => {
    let former: Git;
    beforeEach(async () => {
      former = openGit();
      await former.takeLease(repository, { rig: 'r', epoch: 1 });
      await box.git.takeLease(repository, { rig: 'r', epoch: 2 });
      await put('work\n');
    });
    const refs = (): Promise<string> => box.person('for-each-ref');

    it('is refused, as is all else that moves a ref', async () => {
      const other = path.join(box.folder, 'rigs', 'dag');
      const trash = path.join(box.folder, 'rigs', '.trash');
      const newer = await box.beside(base, { 'b.txt': 'b\n' });
      const standing = await refs();
      await assert.rejects(former.commitAll(place, 'work', branch), because('fenced'));
      await assert.rejects(former.addWorktree(repository, other, 'polecat/dag/x', base), because('fenced'));
      await assert.rejects(former.reapply(repository, place, branch, newer), because('fenced'));
      await assert.rejects(former.land(repository, 'main', base, newer), because('fenced'));
      const room = path.join(box.folder, 'rigs', '.queue');
      await box.git.cleanWorktree(repository, room, base);
      await assert.rejects(former.cleanWorktree(repository, room, newer), because('fenced'));
      assert.equal((await box.git.head(room)).commit, base);
      await assert.rejects(former.retire(repository, place, trash), because('fenced'));
      assert.equal(await refs(), standing);
      await assert.rejects(stat(other));
      assert.equal(await readFile(path.join(place, 'a.txt'), 'utf8'), 'work\n');
      assert.notEqual(await box.git.commitAll(place, 'work', branch), null);
    });
  });
});

describe('a worktree in a hard place', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'sub/keep.txt': 'keep\n' });
    repository = await box.repository();
    base = await box.at('main');
  });
  afterEach(() => box.end());

  it('may have a path with quotes, line ends and more in it', async () => {
    const place = path.join(box.folder, 'ri\ngs', `nux "'\n🦊\t`);
    const spares = path.join(box.folder, 'ri\ngs', '.spares');
    await box.git.prepareSpares(repository, spares, base, 1);
    await box.git.addWorktree(repository, place, branch, base, spares);
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    assert.notEqual(await box.git.commitAll(place, 'work', branch), null);
    const { trashedTo } = await box.git.retire(repository, place, path.join(box.folder, 'ri\ngs', '.trash'));
    assert.notEqual(trashedTo, null);
  });

  it('is said to be impossible where nothing can be made', async () => {
    const file = path.join(box.folder, 'file');
    await writeFile(file, '');
    const add = box.git.addWorktree(repository, path.join(file, 'rigs', 'nux'), branch, base);
    await assert.rejects(add, because('failed'));
    assert.equal(await box.git.tip(repository, branch), null);
  });

  it('is proven in anew, whatever a check left: folders made read-only, repositories, a filled submodule', async () => {
    const room = path.join(box.folder, 'rigs', '.proof-0');
    await box.person('update-index', '--add', '--cacheinfo', `160000,${base},sub/module`);
    await box.person('commit', '-q', '-m', 'a submodule');
    const commit = await box.at('main');
    await box.git.cleanWorktree(repository, room, commit);
    await mkdir(path.join(room, 'cache/deep'), { recursive: true });
    await writeFile(path.join(room, 'cache/deep/file'), 'left\n');
    await chmod(path.join(room, 'cache/deep'), 0o500);
    await mkdir(path.join(room, 'clone'));
    await box.personIn(path.join(room, 'clone'), 'init', '-q');
    await box.personIn(path.join(room, 'sub/module'), 'init', '-q');
    await writeFile(path.join(room, 'sub/module/left.txt'), 'left\n');
    await rm(path.join(room, 'sub/keep.txt'));
    await chmod(path.join(room, 'sub'), 0o500);
    await box.git.cleanWorktree(repository, room, commit);
    assert.equal(await readFile(path.join(room, 'sub/keep.txt'), 'utf8'), 'keep\n');
    for (const gone of ['cache', 'clone', 'sub/module/left.txt', 'sub/module/.git']) {
      await assert.rejects(stat(path.join(room, gone)), gone);
    }
  });

  describe('with files that cannot be taken away', () => {
    let room: string;
    let git: Git;
    before(function () {
      if (process.platform === 'win32') this.skip();
    });
    beforeEach(async () => {
      room = path.join(box.folder, 'rigs', '.proof-0');
      // For root nothing is read-only, so a git is played that stumbles as it does for others.
      const wrapper = path.join(box.folder, 'git');
      const stumbles = '[ -e stuck ] || [ "$(stat -c %a cache 2>/dev/null)" = 500 ]';
      await writeFile(
        wrapper,
        `#!/bin/sh\ncase " $* " in *" clean "*) if ${stumbles}; then exit 1; fi;; esac\nexec git "$@"\n`,
      );
      await chmod(wrapper, 0o755);
      git = openGit({ gitPath: wrapper });
      await git.cleanWorktree(repository, room, base);
    });

    it('makes their folders writable first', async () => {
      await mkdir(path.join(room, 'cache'));
      await chmod(path.join(room, 'cache'), 0o500);
      await git.cleanWorktree(repository, room, base);
      await assert.rejects(stat(path.join(room, 'cache')));
      await assert.rejects(stat(path.join(box.folder, 'rigs', '.trash')));
    });

    it('brings the whole room to the trash and makes another', async () => {
      await writeFile(path.join(room, 'stuck'), '');
      await git.cleanWorktree(repository, room, base);
      await assert.rejects(stat(path.join(room, 'stuck')));
      assert.equal(await readFile(path.join(room, 'a.txt'), 'utf8'), 'a\n');
      assert.equal((await readdir(path.join(box.folder, 'rigs', '.trash'))).length, 1);
    });
  });
});
