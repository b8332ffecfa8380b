import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openGit } from '../../../src/git/openGit.ts';
import { startHere } from '../../../src/git/running.ts';
import { GitError, type LandingStyle, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Conflict, type Merged, at, message, wanted, withEntries, written } from './landingRig.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const styles: readonly LandingStyle[] = ['merge', 'squash', 'rebase'];
const lines = (...changed: readonly (readonly [number, string])[]): string => {
  const all = Array.from({ length: 20 }, (_, index) => String(index));
  for (const [index, text] of changed) all[index] = text;
  return `${all.join('\n')}\n`;
};

describe('merging a branch in memory', () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;

  // One for all: nothing here moves a ref, and what a test configures is taken back.
  before(async () => {
    box = await sandbox({ 'a.txt': lines(), 'b.txt': 'b\n', 'lib/c.txt': 'c\n' });
    repository = await box.repository();
    base = await box.at('main');
    // A configuration that was just written is looked at before each call.
    const old = new Date(Date.now() - 60_000);
    await utimes(path.join(repository.commonDir, 'config'), old, old);
  });
  after(() => box.end());
  const configured = new Set<string>();
  afterEach(async () => {
    for (const key of configured) await box.person('config', '--unset', key);
    configured.clear();
  });
  async function configure(key: string, value: string): Promise<void> {
    configured.add(key);
    await box.person('config', key, value);
  }

  async function merged(
    onto: CommitId,
    head: CommitId,
    style: LandingStyle = 'merge',
    more = {},
  ): Promise<Merged> {
    const result = await box.git.mergeOnto(repository, onto, wanted(head, style, more));
    assert.ok(result.ok, result.ok ? '' : `${result.files.join()} ${result.hunks}`);
    return result;
  }
  async function conflict(onto: CommitId, head: CommitId, style: LandingStyle = 'merge'): Promise<Conflict> {
    const result = await box.git.mergeOnto(repository, onto, wanted(head, style));
    assert.ok(!result.ok);
    return result;
  }
  const show = (commit: CommitId, file: string): Promise<string | null> =>
    box.git.show(repository, commit, file);
  const parents = async (commit: CommitId): Promise<readonly string[]> =>
    (await box.person('log', '-1', '--format=%P', commit)).split(' ');

  describe('by each style', () => {
    let onto: CommitId;
    let one: CommitId;
    let head: CommitId;
    before(async () => {
      onto = await box.beside(base, { 'a.txt': lines([1, 'theirs']) });
      one = await box.beside(base, { 'a.txt': lines([18, 'mine']) });
      head = await box.beside(one, { 'new.txt': 'n\n' });
    });

    it('makes one commit with both parents to merge', async () => {
      const { commit, tree, empty } = await merged(onto, head);
      assert.deepEqual(await parents(commit), [onto, head]);
      assert.equal(await box.at(`${commit}^{tree}`), tree);
      assert.equal(empty, false);
      assert.equal(await show(commit, 'a.txt'), lines([1, 'theirs'], [18, 'mine']));
      assert.equal(await show(commit, 'new.txt'), 'n\n');
    });

    it('is done once while nothing changes, and again when what it made is not there any more', async () => {
      let programs = 0;
      const counted = openGit({
        start: (call, reader) => {
          programs += 1;
          return startHere(call, reader);
        },
      });
      // As in a repository that was set up a while ago.
      await wait(2_600);
      const merge = (): Promise<unknown> => counted.mergeOnto(repository, onto, wanted(head, 'merge'));
      const first = await merge();
      const took = programs;
      assert.deepEqual(await merge(), first);
      assert.equal(programs, took, 'it was remembered');
      const nowhere = '1'.repeat(40) as CommitId;
      await assert.rejects(counted.keep(repository, 'line', nowhere));
      programs = 0;
      assert.deepEqual(await merge(), first);
      assert.ok(programs > 0, 'it was made again');
    });

    it('makes one commit on the target to squash', async () => {
      const { commit, tree } = await merged(onto, head, 'squash');
      assert.deepEqual(await parents(commit), [onto]);
      assert.equal(tree, (await merged(onto, head)).tree);
    });

    it("makes each commit again to rebase, with its own author, date and words, and git's own result", async () => {
      const { commit, tree } = await merged(onto, head, 'rebase');
      assert.equal((await box.git.log(repository, onto, commit)).length, 2);
      assert.equal(await show(`${commit}^` as CommitId, 'new.txt'), null);
      assert.equal(await show(`${commit}^` as CommitId, 'a.txt'), lines([1, 'theirs'], [18, 'mine']));
      assert.equal(
        await box.person('log', '-1', '--format=%an %ae %at %ct %s %(trailers:only,separator=%x2c)', commit),
        'Ada ada@example.invalid 1700000000 1800000000 made Bead: gt-00001,Agent: nux',
      );
      const room = path.join(box.folder, 'plain rebase');
      await box.person('worktree', 'add', '-q', '--detach', room, head);
      await box.personIn(room, 'rebase', '-q', onto);
      assert.equal(await box.personIn(room, 'rev-parse', 'HEAD^{tree}'), tree);
      await box.person('worktree', 'remove', '--force', room);
    });

    it('makes the same commit of the same arguments, whatever the hour', async () => {
      for (const style of styles) {
        assert.deepEqual(await merged(onto, head, style), await merged(onto, head, style));
      }
      const later = await merged(onto, head, 'merge', { at: at + 1000 });
      assert.notEqual(later.commit, (await merged(onto, head)).commit);
    });

    it('names the author of the newest commit, the person who lands it, and the instant it was told', async () => {
      await configure('user.name', 'Grace');
      const { commit } = await merged(onto, head, 'squash');
      const words = await box.person('log', '-1', '--format=%an|%cn|%at|%ct', commit);
      assert.equal(words, 'Ada|Grace|1800000000|1800000000');
    });

    it('touches no worktree, index or ref', async () => {
      await box.write('a.txt', 'in the middle of something\n');
      await box.write('mine.txt', 'mine\n');
      const state = async (): Promise<string> =>
        [await box.person('status', '--porcelain'), await box.person('for-each-ref')].join('\n');
      const before = await state();
      for (const style of styles) await merged(onto, head, style);
      assert.equal(await state(), before);
    });

    it('does not go by an attribute that is only in the worktree, or by what is checked out there', async () => {
      const both = await box.beside(base, { 'a.txt': lines([1, 'mine']) });
      await box.write('.gitattributes', '*.txt merge=union\n');
      assert.deepEqual((await conflict(onto, both)).files, ['a.txt']);
      await box.person('sparse-checkout', 'set', 'lib');
      assert.equal((await merged(onto, head)).empty, false);
      await box.person('sparse-checkout', 'disable');
    });
  });

  it('merges two branches that overlap, the second on top of the first', async () => {
    const first = await box.beside(base, { 'a.txt': lines([3, 'first']), 'lib/c.txt': 'first\n' });
    const second = await box.beside(base, { 'a.txt': lines([12, 'second']), 'lib/d.txt': 'second\n' });
    for (const style of styles) {
      const on = await merged(base, first, style);
      const { commit } = await merged(on.commit, second, style);
      assert.equal(await show(commit, 'a.txt'), lines([3, 'first'], [12, 'second']));
      assert.equal(await show(commit, 'lib/c.txt'), 'first\n');
      assert.equal(await show(commit, 'lib/d.txt'), 'second\n');
    }
  });

  it('finds nothing to land where the branch, or all it changes, is in the target already', async () => {
    const head = await box.beside(base, { 'new.txt': 'n\n' });
    const later = await box.beside(head, { 'b.txt': 'later\n' });
    const same = await box.beside(await box.beside(base, { 'b.txt': 'x\n' }), { 'new.txt': 'n\n' });
    for (const style of styles) {
      for (const onto of [head, later, same]) {
        const { commit, tree, empty } = await merged(onto, head, style);
        assert.deepEqual([commit, tree, empty], [onto, await box.at(`${onto}^{tree}`), true]);
      }
    }
  });

  it('lands a rebase that is on top and worded already as it is: its proof stays good', async () => {
    const tree = await box.at(`${await box.beside(base, { 'new.txt': 'n\n' })}^{tree}`);
    const text = 'New\n\nBead: gt-00001\nAgent: nux';
    const head = await written(box, tree, [base], text);
    assert.equal((await merged(base, head, 'rebase')).commit, head);
    const bare = await written(box, tree, [base], 'New');
    const made = await merged(base, bare, 'rebase');
    assert.equal(await box.person('log', '-1', '--format=%B', made.commit), text);
  });

  describe('defect 13', () => {
    it('defect 13: a commit that the target has already drops out of a rebase and is no conflict', async () => {
      const one = await box.beside(base, { 'a.txt': lines([2, 'fix']) });
      const head = await box.beside(one, { 'new.txt': 'n\n' });
      const other = await box.beside(base, { 'b.txt': 'other\n' });
      const onto = await box.beside(other, { 'a.txt': lines([2, 'fix']) });
      const { commit } = await merged(onto, head, 'rebase');
      assert.equal((await box.git.log(repository, onto, commit)).length, 1);
      assert.equal(await show(commit, 'new.txt'), 'n\n');
    });

    it('defect 13: nor is one the target has and has changed since', async () => {
      const one = await box.beside(base, { 'a.txt': lines([2, 'fix']) });
      const head = await box.beside(one, { 'new.txt': 'n\n' });
      const other = await box.beside(base, { 'b.txt': 'other\n' });
      const applied = await box.beside(other, { 'a.txt': lines([2, 'fix']) });
      const onto = await box.beside(applied, { 'a.txt': lines([2, 'better fix']) });
      const { commit } = await merged(onto, head, 'rebase');
      assert.equal((await box.git.log(repository, onto, commit)).length, 1);
      assert.equal(await show(commit, 'a.txt'), lines([2, 'better fix']));
      assert.equal(await show(commit, 'new.txt'), 'n\n');
    });

    it('defect 13: a failure is not called a conflict', async () => {
      const head = await box.beside(base, { 'a.txt': 'x\n' });
      const alone = await written(box, `${base}^{tree}`, [], 'alone');
      for (const style of styles) {
        await assert.rejects(
          box.git.mergeOnto(repository, alone, wanted(head, style)),
          (error) => GitError.is(error, 'failed') && String(error).includes('no common history'),
        );
      }
      const nowhere = '1'.repeat(40) as CommitId;
      await assert.rejects(box.git.mergeOnto(repository, base, wanted(nowhere)), (error) =>
        GitError.is(error, 'failed'),
      );
    });
  });

  it('lands a branch with merges in it as one commit when it is rebased, with what they settled', async () => {
    const theirs = await box.beside(base, { 'a.txt': lines([5, 'theirs']) });
    const mine = await box.beside(base, { 'a.txt': lines([5, 'mine']) });
    const settled = await box.beside(theirs, { 'a.txt': lines([5, 'both']), 'more.txt': 'm\n' });
    const head = await written(box, await box.at(`${settled}^{tree}`), [mine, theirs], 'settled');
    const onto = await box.beside(theirs, { 'b.txt': 'on\n' });
    const { commit } = await merged(onto, head, 'rebase');
    assert.deepEqual(await parents(commit), [onto]);
    assert.equal(await show(commit, 'a.txt'), lines([5, 'both']));
    assert.equal(await show(commit, 'more.txt'), 'm\n');
  });

  it('keeps modes, links and pointers to submodules', async () => {
    const script = await box.at('main:b.txt');
    const pointer = (digit: string): string => `160000 ${digit.repeat(40)}`;
    const start = await withEntries(box, base, { sub: pointer('1'), 'run.sh': `100644 ${script}` });
    const onto = await box.beside(start, { 'a.txt': lines([1, 'on']) });
    const link = { sub: pointer('2'), 'run.sh': `100755 ${script}`, link: `120000 ${script}` };
    const head = await withEntries(box, start, link);
    for (const style of styles) {
      const { commit } = await merged(onto, head, style);
      const entries = await box.person('ls-tree', commit, 'sub', 'run.sh', 'link');
      assert.match(entries, /^120000 blob \w+\tlink\n100755 blob \w+\trun.sh\n160000 commit 2{40}\tsub$/);
    }
    const other = await withEntries(box, start, { sub: pointer('3') });
    assert.deepEqual((await conflict(other, head)).files, ['sub']);
  });

  it('merges a branch far behind a target with a deep history', async () => {
    const head = await box.beside(base, { 'new.txt': 'n\n' });
    let stream = '';
    for (let n = 0; n < 3000; n += 1) {
      const from = n === 0 ? `from ${base}\n` : '';
      const text = `${String(n)}\n`;
      stream += `commit refs/heads/deep\ncommitter A <a@b> ${String(1_700_000_000 + n)} +0000\ndata 1\nx\n${from}`;
      stream += `M 100644 inline b.txt\ndata ${String(text.length)}\n${text}\n`;
    }
    await writeFile(path.join(box.folder, 'stream'), stream);
    const file = path.join(box.folder, 'stream');
    await box.personIn(box.root, '-c', `alias.in=!git fast-import --quiet <'${file}'`, 'in');
    const onto = await box.at('deep');
    for (const style of styles) {
      const { commit } = await merged(onto, head, style);
      assert.equal(await show(commit, 'new.txt'), 'n\n');
      assert.equal(await show(commit, 'b.txt'), '2999\n');
    }
  });

  describe('where it conflicts', () => {
    it('names the files, whatever they are called, and shows both sides with markers', async () => {
      const odd = 'q "u\no" 🦀 ü.txt';
      const head = await box.beside(base, { 'a.txt': lines([4, 'mine']), [odd]: 'mine\n', 'ok.txt': 'ok\n' });
      const onto = await box.beside(base, { 'a.txt': lines([4, 'theirs']), [odd]: 'theirs\n' });
      for (const style of styles) {
        const { files, hunks } = await conflict(onto, head, style);
        assert.deepEqual([...files].sort(), ['a.txt', odd]);
        assert.match(hunks, new RegExp(`<{7} ${onto}[^]*theirs[^]*={7}[^]*mine[^]*>{7} ${head}`));
        assert.doesNotMatch(hunks, /ok\.txt/);
      }
    });

    it('names one that one side deleted, in either direction', async () => {
      const changed = await box.beside(base, { 'b.txt': 'changed\n' });
      const gone = await box.beside(base, { 'b.txt': null });
      for (const style of styles) {
        for (const [onto, head] of [
          [gone, changed],
          [changed, gone],
        ] as const) {
          const { files, hunks } = await conflict(onto, head, style);
          assert.deepEqual(files, ['b.txt']);
          assert.match(hunks, /CONFLICT \(modify\/delete\): b\.txt deleted/);
        }
      }
    });

    it('names binary files', async () => {
      const head = await box.beside(base, { 'x.bin': 'a\0b' });
      const onto = await box.beside(base, { 'x.bin': 'a\0c' });
      for (const style of styles) {
        const { files, hunks } = await conflict(onto, head, style);
        assert.deepEqual(files, ['x.bin']);
        assert.match(hunks, /CONFLICT[^]*x\.bin/);
      }
    });

    it('names all that is left of a file that each side renamed to something else', async () => {
      const text = lines();
      const head = await box.beside(base, { 'a.txt': null, 'mine.txt': text });
      const onto = await box.beside(base, { 'a.txt': null, 'theirs.txt': text });
      const { files, hunks } = await conflict(onto, head);
      assert.deepEqual([...files].sort(), ['a.txt', 'mine.txt', 'theirs.txt']);
      assert.match(hunks, /rename\/rename/);
    });

    it('names a file in the way of a folder as it is called', async () => {
      const head = await box.beside(base, { thing: 'file\n' });
      const onto = await box.beside(base, { 'thing/inside.txt': 'folder\n' });
      for (const style of styles) assert.deepEqual((await conflict(onto, head, style)).files, ['thing']);
    });

    it('takes names that differ in case only for a conflict exactly where they are one file', async () => {
      const head = await box.beside(base, { 'LIB/d.txt': 'mine\n' });
      const onto = await box.beside(base, { 'b2.txt': 'on\n' });
      const renamed = await box.beside(base, { 'b.txt': null, 'B.txt': 'b\n' });
      await box.person('config', 'core.ignoreCase', 'false');
      assert.equal((await merged(onto, head)).empty, false);
      await box.person('config', 'core.ignoreCase', 'true');
      for (const style of styles) {
        const { files, hunks } = await conflict(onto, head, style);
        assert.deepEqual(files, ['LIB', 'lib']);
        assert.match(hunks, /case/);
      }
      assert.equal((await merged(onto, renamed)).empty, false);
      await box.person('config', 'core.ignoreCase', String(!(process.platform === 'linux')));
    });

    it('cuts hunks that are too long and says so', async () => {
      const long = (word: string): string =>
        Array.from({ length: 9000 }, (_, n) => `${word} ${String(n)}\n`).join('');
      const head = await box.beside(base, { 'a.txt': long('mine') });
      const onto = await box.beside(base, { 'a.txt': long('theirs') });
      const { hunks } = await conflict(onto, head);
      assert.ok(hunks.length < 65_000);
      assert.match(hunks, /cut here/);
    });
  });

  describe('line ends', () => {
    it('are no conflict because of what the person configured', async () => {
      const onto = await box.beside(base, { 'a.txt': lines([1, 'on']) });
      const head = await box.beside(base, { 'a.txt': lines([15, 'mine']) });
      const plain = (await merged(onto, head)).tree;
      for (const value of ['true', 'input']) {
        await configure('core.autocrlf', value);
        assert.equal((await merged(onto, head)).tree, plain);
      }
    });

    it('are no conflict where the target evened them out, or a file is told its own', async () => {
      const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
      const start = await box.beside(base, { 'a.txt': crlf(lines()) });
      const attributes = '*.txt text eol=crlf\n';
      const onto = await box.beside(start, { '.gitattributes': attributes, 'a.txt': lines([1, 'on']) });
      const head = await box.beside(start, { 'a.txt': crlf(lines([15, 'mine'])) });
      for (const style of styles) {
        const { commit } = await merged(onto, head, style);
        assert.equal(await show(commit, 'a.txt'), lines([1, 'on'], [15, 'mine']));
      }
    });

    it('stay as they are where nothing is said about them', async () => {
      const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
      const start = await box.beside(base, { 'a.txt': crlf(lines()) });
      const onto = await box.beside(start, { 'a.txt': crlf(lines([1, 'on'])) });
      const head = await box.beside(start, { 'a.txt': crlf(lines([15, 'mine'])) });
      await configure('core.autocrlf', 'true');
      const { commit } = await merged(onto, head);
      assert.equal(await show(commit, 'a.txt'), crlf(lines([1, 'on'], [15, 'mine'])));
    });
  });

  describe('beside what the repository would run', () => {
    let marks: string;
    let trap: string;
    before(function () {
      if (process.platform === 'win32') this.skip();
    });
    beforeEach(async () => {
      marks = await mkdtemp(path.join(box.folder, 'marks '));
      trap = path.join(box.folder, 'trap');
      await writeFile(trap, `#!/bin/sh\n: > '${marks}'/$$\nexit 1\n`);
      await chmod(trap, 0o755);
    });

    it('runs no hook and signs nothing, also where every commit is to be signed', async () => {
      const onto = await box.beside(base, { 'b.txt': 'on\n' });
      const head = await box.beside(base, { 'new.txt': 'n\n' });
      const names = ['commit-msg', 'pre-commit', 'prepare-commit-msg', 'pre-merge-commit', 'post-commit'];
      const hooks = await mkdtemp(path.join(box.folder, 'hooks '));
      for (const name of [...names, 'post-rewrite', 'post-merge', 'reference-transaction', 'pre-rebase']) {
        await writeFile(path.join(hooks, name), `#!/bin/sh\nexec '${trap}'\n`);
        await chmod(path.join(hooks, name), 0o755);
      }
      await configure('core.hooksPath', hooks);
      await configure('commit.gpgSign', 'true');
      await configure('gpg.program', trap);
      for (const style of styles) {
        const { commit } = await merged(onto, head, style);
        assert.doesNotMatch(await box.person('cat-file', 'commit', commit), /gpgsig/);
      }
      assert.deepEqual(await readdir(marks), []);
    });

    it("runs a merge driver of the repository's own configuration only once the person approved it", async () => {
      const attributes = { '.gitattributes': '*.txt merge=x\n' };
      const start = await box.beside(base, attributes);
      const onto = await box.beside(start, { 'a.txt': lines([4, 'theirs']) });
      const head = await box.beside(start, { 'a.txt': lines([4, 'mine']) });
      const driver = `'${trap}' %A`;
      await configure('merge.x.driver', driver);
      const unsafe = (error: unknown): boolean => GitError.is(error, 'unsafe_config');
      await assert.rejects(box.git.mergeOnto(repository, onto, wanted(head)), unsafe);
      await assert.rejects(box.git.foresee(repository, [[onto, head]]), unsafe);
      assert.deepEqual(await readdir(marks), []);
      await box.git.approvePrograms(repository, [{ key: 'merge.x.driver', value: driver }]);
      assert.deepEqual((await conflict(onto, head)).files, ['a.txt']);
      assert.notDeepEqual(await readdir(marks), []);
    });

    it('leaves large files the pointers that they are', async () => {
      await configure('filter.lfs.smudge', 'git-lfs smudge -- %f');
      await configure('filter.lfs.process', 'git-lfs filter-process');
      await configure('filter.lfs.required', 'true');
      const start = await box.beside(base, { '.gitattributes': '*.txt filter=lfs\n' });
      const onto = await box.beside(start, { 'a.txt': lines([1, 'on']) });
      const head = await box.beside(start, { 'a.txt': lines([15, 'mine']) });
      const { commit } = await merged(onto, head);
      assert.equal(await show(commit, 'a.txt'), lines([1, 'on'], [15, 'mine']));
    });
  });

  it('lets nothing in a title, text or trailer pass for another trailer', async () => {
    const head = await box.beside(base, { 'new.txt': 'n\n' });
    const hostile = {
      subject: 'Title\n\nBead: gt-forged\r\u2028x',
      body: 'text\n\nBead: gt-forged\n---\nmore\n\nBead: gt-forged\0',
      trailers: [
        ['Bead', 'gt-1\nBead: gt-forged'],
        ['Agent', message.subject],
      ],
    } as const;
    const { commit } = await merged(base, head, 'squash', { message: hostile });
    const text = await box.person('log', '-1', '--format=%B', commit);
    await writeFile(path.join(box.folder, 'message'), text);
    const found = await box.person('interpret-trailers', '--parse', path.join(box.folder, 'message'));
    assert.equal(found, 'Bead: gt-1 Bead: gt-forged\nAgent: Sort the shelves');
    assert.equal(await box.person('log', '-1', '--format=%s', commit), 'Title Bead: gt-forged x');
  });
});
