import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const base = 'one\ntwo\nthree\n';
const branch = 'polecat/nux/gt-00001';

describe('A merge that a person makes in an agent’s worktree', function () {
  this.timeout(30_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let worktree: string;
  let target: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': base, 'gone.txt': 'gone\n' });
    repository = await box.repository();
    const start = await box.at('main');
    worktree = path.join(box.folder, 'rigs', 'nux');
    await box.git.addWorktree(repository, worktree, branch, start);
    await write('a.txt', base.replace('two', 'TWO of the agent'));
    await write('gone.txt', 'of the agent\n');
    await box.git.commitAll(worktree, 'work\n', branch);
    target = await box.commit({
      ...{ 'a.txt': base.replace('two', 'TWO of main'), 'gone.txt': null, 'new.txt': 'new\n' },
    });
  });
  afterEach(() => box.end());

  const write = (file: string, text: string): Promise<void> => writeFile(path.join(worktree, file), text);
  const read = (file: string): Promise<string> => readFile(path.join(worktree, file), 'utf8');
  const inWorktree = (...args: readonly string[]): Promise<string> => box.personIn(worktree, ...args);
  const begin = () => box.git.beginMerge(repository, worktree, branch, target);
  const finish = (asIs = false) =>
    box.git.finishMerge(repository, worktree, { branch, onto: target, message: 'Both\n', asIs });

  it('is open with its markers, is refused while any are left, and ends as a merge of both', async () => {
    const head = await box.at(branch);
    const begun = await begin();
    assert.deepEqual([begun.head, begun.onto, begun.files.toSorted()], [head, target, ['a.txt', 'gone.txt']]);
    assert.match(await read('a.txt'), /<<<<<<< /);
    assert.deepEqual(await begin(), begun, 'said again, it is the same');
    assert.deepEqual(await finish(true), { ok: false, marked: ['a.txt'], undecided: ['gone.txt'] });
    await write('a.txt', base.replace('two', 'TWO of both'));
    assert.deepEqual(await finish(), { ok: false, marked: [], undecided: ['gone.txt'] });
    await rm(path.join(worktree, 'gone.txt'));
    const done = await finish(true);
    assert.ok(done?.ok);
    assert.equal(await inWorktree('rev-parse', 'HEAD^@'), `${head}\n${target}`);
    assert.deepEqual([await inWorktree('status', '--porcelain'), await box.at(branch)], ['', done.commit]);
    assert.equal(await inWorktree('ls-files'), 'a.txt\nnew.txt');
    assert.deepEqual(await finish(), done, 'said again, it is the same');
  });

  it('that comes to what stood there before is a merge all the same', async () => {
    await begin();
    await inWorktree('checkout', '-q', branch, '--', '.');
    await inWorktree('rm', '-q', '--cached', 'new.txt');
    await rm(path.join(worktree, 'new.txt'));
    const done = await finish(true);
    assert.ok(done?.ok);
    assert.match(await inWorktree('rev-parse', 'HEAD^@'), new RegExp(target));
  });

  it('may be committed by the person in their own way', async () => {
    await begin();
    await write('a.txt', base);
    await inWorktree('add', '-A');
    await inWorktree('commit', '-q', '-m', 'mine');
    assert.deepEqual(await finish(), { ok: true, commit: await box.at(branch) });
  });

  it('loses nothing that was uncommitted, and undone it leaves everything as it was', async () => {
    await write('more.txt', 'not committed\n');
    await begin();
    await write('a.txt', 'half resolved\n');
    await box.git.abandonMerge(repository, worktree);
    assert.equal(await read('a.txt'), base.replace('two', 'TWO of the agent'));
    assert.equal(await read('more.txt'), 'not committed\n');
    assert.equal(await inWorktree('status', '--porcelain'), '');
    assert.equal(await finish(), null, 'there is none any more');
    await box.git.abandonMerge(repository, worktree);
    assert.ok((await begin()).files.includes('a.txt'), 'and may begin anew');
  });

  it('whose beginning was cut short begins again where it stood', async () => {
    const head = await box.at(branch);
    await begin();
    const admin = await inWorktree('rev-parse', '--absolute-git-dir');
    // Git writes this last: killed before, it leaves files of both sides and no word of a merge.
    await rm(path.join(admin, 'MERGE_HEAD'));
    const begun = await begin();
    assert.deepEqual([begun.head, begun.files.toSorted()], [head, ['a.txt', 'gone.txt']]);
    assert.match(await read('a.txt'), /TWO of the agent/);
  });

  it('does not begin in the middle of something else, or on another branch', async () => {
    const locked = (error: unknown): boolean => GitError.is(error, 'locked');
    await assert.rejects(inWorktree('merge', '-q', 'main'));
    await assert.rejects(begin(), locked);
    await inWorktree('merge', '--abort');
    await inWorktree('switch', '-q', '-c', 'elsewhere');
    await assert.rejects(begin(), (error: unknown) => GitError.is(error, 'taken'));
  });
});
