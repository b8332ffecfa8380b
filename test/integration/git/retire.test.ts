import assert from 'node:assert/strict';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const branch = 'polecat/nux/gt-00001';

describe('retiring a worktree', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let place: string;
  let trash: string;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', '.gitignore': '*.env\n' });
    repository = await box.repository();
    base = await box.at('main');
    place = path.join(box.folder, 'rigs', 'nux');
    trash = path.join(box.folder, 'rigs', '.trash');
    await box.git.addWorktree(repository, place, branch, base);
  });
  afterEach(() => box.end());

  type Gone = Awaited<ReturnType<Sandbox['git']['retire']>>;
  const retire = (into = trash): Promise<Gone> => box.git.retire(repository, place, into);
  const put = (file: string, text: string): Promise<void> => writeFile(path.join(place, file), text);
  const inTrash = (gone: Gone, file: string): Promise<string> =>
    readFile(path.join(gone.trashedTo ?? '', 'nux', file), 'utf8');
  const registered = (): Promise<string[]> =>
    readdir(path.join(repository.commonDir, 'worktrees')).catch(() => []);

  /** What `git gc` would take away now, if all grace were over. */
  async function collect(): Promise<void> {
    await box.person('reflog', 'expire', '--expire=now', '--all');
    await box.person('gc', '-q', '--prune=now');
  }

  it('takes folder, registration and branch away when all of it landed', async () => {
    await put('a.txt', 'work\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    await box.person('merge', '-q', '--ff-only', branch);
    const gone = await retire();
    assert.equal(gone.keptRef, null);
    await assert.rejects(stat(place));
    assert.deepEqual(await registered(), []);
    assert.deepEqual(await box.git.branches(repository), ['main']);
    assert.equal(await inTrash(gone, 'a.txt'), 'work\n');
    assert.equal(await box.at('main'), tip);
  });

  it('does not take a saved ref, or its own HEAD, for a place that holds the commits', async () => {
    await put('a.txt', 'work\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    await box.person('update-ref', 'refs/rigs/saved/elsewhere/1', tip ?? '');
    await box.personIn(place, 'switch', '-q', '--detach');
    assert.equal((await retire()).keptRef, `refs/heads/${branch}`);
    assert.equal(await box.at(branch), tip);
  });

  it('keeps the branch while nothing else holds its commits', async () => {
    await put('a.txt', 'work\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    assert.equal((await retire()).keptRef, `refs/heads/${branch}`);
    assert.equal(await box.at(branch), tip);
  });

  it('keeps one of two branches at the same commit that are retired at once', async () => {
    await put('a.txt', 'work\n');
    const tip = (await box.git.commitAll(place, 'work', branch)) ?? base;
    const twin = path.join(box.folder, 'rigs', 'dag');
    await box.git.addWorktree(repository, twin, 'polecat/dag/gt-00002', tip);
    // Another process's git: no turn of ours holds it up.
    const [one, other] = await Promise.all([retire(), openGit().retire(repository, twin, trash)]);
    assert.equal([one, other].filter(({ keptRef }) => keptRef !== null).length, 1);
    await collect();
    assert.equal(await box.person('cat-file', '-t', tip), 'commit');
  });

  it('does not take a symbolic ref for a place that holds the commits', async () => {
    await put('a.txt', 'work\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    await box.person('symbolic-ref', 'refs/heads/also', `refs/heads/${branch}`);
    assert.equal((await retire()).keptRef, `refs/heads/${branch}`);
    assert.equal(await box.at('also'), tip);
  });

  it('saves uncommitted work, staged, changed and new, under a ref of its own', async () => {
    await put('staged.txt', 'staged\n');
    await box.personIn(place, 'add', 'staged.txt');
    await put('a.txt', 'changed\n');
    await put('new.txt', 'new\n');
    const { keptRef } = await retire();
    assert.match(keptRef ?? '', /^refs\/rigs\/saved\/polecat\/nux\/gt-00001\/1$/);
    await collect();
    for (const [file, text] of [
      ['staged.txt', 'staged'],
      ['a.txt', 'changed'],
      ['new.txt', 'new'],
    ]) {
      assert.equal(await box.person('show', `${keptRef ?? ''}:${file ?? ''}`), text);
    }
    assert.equal(await box.person('rev-parse', `${keptRef ?? ''}^`), base);
  });

  it('keeps commits that an agent amended, reset away or left detached', async () => {
    const made: (CommitId | null)[] = [];
    await put('a.txt', 'amended away\n');
    made.push(await box.git.commitAll(place, 'one', branch));
    await box.personIn(place, 'commit', '-q', '--amend', '-m', 'other words');
    await put('a.txt', 'reset away\n');
    made.push(await box.git.commitAll(place, 'two', branch));
    await box.personIn(place, 'reset', '-q', '--hard', base);
    await box.personIn(place, 'switch', '-q', '--detach');
    await put('a.txt', 'detached\n');
    made.push(await box.git.commitAll(place, 'three', branch));
    await retire();
    await collect();
    for (const commit of made) assert.equal(await box.person('cat-file', '-t', commit ?? ''), 'commit');
  });

  for (const mark of ['{"branch":', '{"branch":7,"spare":false}', '{"branch":"../../x","spare":false}']) {
    it(`keeps all work where its own note on whose it is says ${JSON.stringify(mark)}`, async () => {
      await put('a.txt', 'left behind\n');
      const tip = await box.git.commitAll(place, 'work', branch);
      await box.personIn(place, 'reset', '-q', '--hard', base);
      await put('new.txt', 'new\n');
      const [admin = ''] = await registered();
      await writeFile(path.join(repository.commonDir, 'worktrees', admin, 'rigs-worktree.json'), mark);
      const { keptRef, trashedTo } = await retire();
      await collect();
      assert.equal(await box.person('cat-file', '-t', tip ?? ''), 'commit');
      assert.ok((await box.person('log', '--format=%s', keptRef ?? '')).includes('Uncommitted work'));
      assert.ok((await box.git.branches(repository)).includes(branch));
      await box.person('update-ref', '-d', keptRef ?? '');
      const { removed, kept } = await box.git.emptyTrash(repository, trash, 0, Date.now() + 60_000);
      assert.deepEqual([removed, kept[0]?.path, kept[0]?.why], [[], trashedTo, 'holds_commits']);
    });
  }

  it('takes ignored files and foreign repositories into the trash', async () => {
    await put('secret.env', 'SECRET=1\n');
    await mkdir(path.join(place, 'clone'));
    await box.personIn(path.join(place, 'clone'), 'init', '-q');
    await put('clone/file', 'inner\n');
    const gone = await retire();
    assert.equal(await inTrash(gone, 'secret.env'), 'SECRET=1\n');
    assert.equal(await inTrash(gone, 'clone/file'), 'inner\n');
  });

  it('says nothing is there when called again', async () => {
    await retire();
    assert.deepEqual(await retire(), { trashedTo: null, keptRef: null });
  });

  it('is finished by a second call after a crash that came after the folder went', async () => {
    await put('a.txt', 'work\n');
    const tip = await box.git.commitAll(place, 'work', branch);
    await box.personIn(place, 'reset', '-q', '--hard', base);
    await mkdir(trash, { recursive: true });
    await rename(place, path.join(trash, 'nux-crashed'));
    await retire();
    assert.deepEqual(await registered(), []);
    await collect();
    assert.equal(await box.person('cat-file', '-t', tip ?? ''), 'commit');
  });

  describe('when the process dies', () => {
    /** A call that ends at its first git command, or at the one whose words hold this. */
    async function retireUntil(words: string): Promise<void> {
      const wrapper = path.join(box.folder, 'dying');
      await writeFile(wrapper, `#!/bin/sh\ncase " $* " in *" ${words} "*) exit 3;; esac\nexec git "$@"\n`);
      await chmod(wrapper, 0o755);
      await assert.rejects(openGit({ gitPath: wrapper }).retire(repository, place, trash));
    }
    before(function () {
      if (process.platform === 'win32') this.skip();
    });

    it('after the folder went: its uncommitted work is saved by the next call, and it goes once', async () => {
      await put('new.txt', 'new\n');
      await retireUntil('status');
      await assert.rejects(stat(place));
      await box.person('worktree', 'prune');
      const slots = await readdir(trash);
      const kept = await box.git.emptyTrash(repository, trash, 0, Date.now() + 60_000);
      assert.deepEqual([kept.removed, kept.kept[0]?.why], [[], 'unfinished']);
      const { keptRef, trashedTo } = await retire();
      assert.equal(await box.person('show', `${keptRef ?? ''}:new.txt`), 'new');
      assert.deepEqual(await readdir(trash), slots);
      assert.equal(await readFile(path.join(trashedTo ?? '', 'nux/new.txt'), 'utf8'), 'new\n');
      assert.deepEqual(await registered(), []);
    });

    it('right after the folder went, before its registration followed', async () => {
      await put('new.txt', 'new\n');
      const slot = path.join(trash, 'nux-20200101T000000Z-abcdef');
      await mkdir(slot, { recursive: true });
      await rename(place, path.join(slot, 'nux'));
      const { keptRef, trashedTo } = await retire();
      assert.equal(trashedTo, slot);
      assert.equal(await box.person('show', `${keptRef ?? ''}:new.txt`), 'new');
      assert.deepEqual(await registered(), []);
    });

    it('and its place was given to another meanwhile: that one stays, then both can go', async () => {
      await put('new.txt', 'new\n');
      await retireUntil('for-each-ref');
      const other = 'polecat/nux/gt-00002';
      await box.git.addWorktree(repository, place, other, base);
      await put('other.txt', 'other\n');
      await retire();
      assert.equal((await registered()).length, 1);
      await retire();
      assert.deepEqual(await registered(), []);
      const saved = await box.person('for-each-ref', '--format=%(refname)', 'refs/rigs/saved/');
      assert.deepEqual(saved.split('\n'), [`refs/rigs/saved/${branch}/1`, `refs/rigs/saved/${other}/1`]);
    });
  });

  it('brings away a folder whose registration somebody pruned', async () => {
    await put('a.txt', 'work\n');
    await rm(path.join(repository.commonDir, 'worktrees'), { recursive: true });
    const gone = await retire();
    assert.equal(await inTrash(gone, 'a.txt'), 'work\n');
  });

  it('works in the middle of a conflict, and while a dead git holds the index', async () => {
    await put('a.txt', 'mine\n');
    await box.git.commitAll(place, 'work', branch);
    const other = await box.beside(base, { 'a.txt': 'theirs\n' });
    await assert.rejects(box.personIn(place, 'merge', other));
    await writeFile(
      path.join(await box.personIn(place, 'rev-parse', '--absolute-git-dir'), 'index.lock'),
      '',
    );
    const { keptRef } = await retire();
    assert.match(await box.person('show', `${keptRef ?? ''}:a.txt`), /<{7}/);
  });

  it("never takes a person's worktree, nor the main one", async () => {
    const own = path.join(box.folder, 'own');
    await box.person('worktree', 'add', '-q', '-b', 'feature', own);
    for (const one of [own, box.root]) {
      await assert.rejects(box.git.retire(repository, one, trash), (error) => GitError.is(error, 'taken'));
      await access(path.join(one, 'a.txt'));
    }
  });

  it('never takes a folder that is no worktree', async () => {
    const folder = path.join(box.folder, 'folder');
    await mkdir(folder);
    await assert.rejects(box.git.retire(repository, folder, trash), (error) => GitError.is(error, 'taken'));
    await access(folder);
  });

  it('respects a lock against removal', async () => {
    await box.person('worktree', 'lock', '--reason', 'on a stick', place);
    await assert.rejects(retire(), (error) => GitError.is(error, 'locked'));
    await access(place);
  });

  it('leaves the registration of a worktree whose drive is not mounted', async () => {
    const drive = path.join(box.folder, 'drive');
    await box.person('worktree', 'add', '-q', '-b', 'feature', drive);
    await rename(drive, `${drive} unmounted`);
    await retire();
    assert.deepEqual(await registered(), ['drive']);
  });

  it('deletes no branch of the person that the agent stood on', async () => {
    await box.person('branch', '-q', 'feature');
    await box.personIn(place, 'switch', '-q', 'feature');
    await retire();
    assert.ok((await box.git.branches(repository)).includes('feature'));
  });

  it('deletes no branch of the person that the agent called its own', async () => {
    await box.person('branch', '-q', 'feature');
    const [admin = ''] = await registered();
    const mark = path.join(repository.commonDir, 'worktrees', admin, 'rigs-worktree.json');
    await writeFile(mark, '{"branch":"feature","spare":false}');
    await retire();
    assert.ok((await box.git.branches(repository)).includes('feature'));
  });

  it('gives a place free for a new worktree that the trashed one does not disturb', async () => {
    const gone = await retire();
    await box.git.addWorktree(repository, place, branch, base);
    await assert.rejects(access(path.join(gone.trashedTo ?? '', 'nux', '.git')));
    assert.deepEqual(await box.git.uncommitted(place), []);
  });

  it('copies and compares when the trash is on another file system', async function () {
    const shared = await mkdtemp('/dev/shm/rigs-trash-').catch(() => null);
    if (shared === null || (await stat(shared)).dev === (await stat(box.folder)).dev) {
      this.skip();
    }
    try {
      await put('secret.env', 'SECRET=1\n');
      await mkdir(path.join(place, 'deep/er'), { recursive: true });
      await symlink('nowhere', path.join(place, 'deep/er/link'));
      const gone = await retire(shared);
      assert.equal(await inTrash(gone, 'secret.env'), 'SECRET=1\n');
      assert.deepEqual(await readdir(path.join(gone.trashedTo ?? '', 'nux/deep/er')), ['link']);
      await assert.rejects(stat(place));
      assert.deepEqual(await registered(), []);
    } finally {
      await rm(shared, { recursive: true });
    }
  });
});
