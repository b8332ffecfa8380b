import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { programKeys } from '../../../src/git/programs.ts';
import { type Git, GitError, type Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { message, wanted } from './landingRig.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const branch = 'polecat/nux/gt-00001';
const unsafe = (error: unknown): boolean => GitError.is(error, 'unsafe_config');

describe("a repository's own configuration", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let base: CommitId;
  let marks: string;
  let trap: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'b.dat': 'b\n', '.gitattributes': '* filter=x merge=x diff=x\n' });
    repository = await box.repository();
    base = await box.at('main');
    marks = path.join(box.folder, 'marks');
    await mkdir(marks);
    trap = path.join(box.folder, 'trap');
    await writeFile(trap, `#!/bin/sh\n: > '${marks}'/$$\nexit 1\n`);
    await chmod(trap, 0o755);
  });
  afterEach(() => box.end());

  const sprung = async (): Promise<number> => (await readdir(marks)).length;
  const set = (key: string, value: string, cwd = box.root): Promise<string> =>
    box.personIn(cwd, 'config', key.replace('*', 'x'), value);

  /** Every call of the port that reads or writes a repository, in an order in which each has something to do. */
  async function everything(git: Git): Promise<void> {
    const place = path.join(box.folder, 'rigs', 'nux');
    const room = path.join(box.folder, 'rigs', '.queue');
    const spares = path.join(box.folder, 'rigs', '.spares');
    const theirs = await box.beside(base, { 'c.txt': 'theirs\n' });
    const clash = await box.beside(base, { 'a.txt': 'clash\n' });
    await git.freshestBase(repository, 'main');
    await git.prepareSpares(repository, spares, theirs, 1);
    await git.addWorktree(repository, place, branch, base, spares);
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    assert.deepEqual(await git.uncommitted(place), ['a.txt']);
    const head = (await git.commitAll(place, 'work', branch)) ?? base;
    await git.makeDurable(repository, base, head);
    await git.cleanWorktree(repository, room, head);
    const rebased = await git.mergeOnto(repository, theirs, wanted(head, 'rebase'));
    assert.ok(rebased.ok);
    assert.match(await git.diff(repository, base, rebased.commit, 1 << 20), /^\+work$/m);
    assert.equal((await git.diffStat(repository, base, rebased.commit)).files.length, 2);
    assert.equal((await git.log(repository, base, rebased.commit)).length, 2);
    await mergeInMemory(git, head, theirs, clash);
    await git.files(repository, rebased.commit);
    await git.show(repository, rebased.commit, 'a.txt');
    await git.mergeBase(repository, head, theirs);
    await git.isAncestor(repository, base, head);
    await git.branches(repository);
    await git.tip(repository, 'main');
    await git.localConfig(repository, 'user.name');
    await git.localPrograms(repository);
    await git.reapply(repository, place, branch, clash);
    assert.ok((await git.land(repository, 'main', base, rebased.commit)).ok);
    const trash = path.join(box.folder, 'rigs', '.trash');
    await git.retire(repository, place, trash);
    await git.emptyTrash(repository, trash, 0, Date.now() + 10_000);
  }

  async function mergeInMemory(git: Git, head: CommitId, onto: CommitId, clash: CommitId): Promise<void> {
    for (const style of ['merge', 'squash', 'rebase'] as const) {
      assert.ok((await git.mergeOnto(repository, onto, wanted(head, style))).ok);
      assert.ok(!(await git.mergeOnto(repository, clash, wanted(head, style))).ok);
    }
    assert.deepEqual(await git.foresee(repository, [[head, clash]]), [['a.txt']]);
    assert.ok((await git.revertOnto(repository, head, { before: base, landed: head }, message, 0)).ok);
    await git.keep(repository, 'x', head);
    assert.equal((await git.push(repository, 'origin', 'main', head)).ok, false);
    await git.keep(repository, 'x', null);
  }

  it('sets off nothing in any call by the keys that are off or unreached, and is never written', async () => {
    const skipped = new Set(['include.path', 'safe.directory', 'protocol.*.allow', 'init.templateDir']);
    for (const { key, answer } of programKeys) {
      if (answer !== 'person' && !skipped.has(key)) await set(key, `'${trap}'`);
    }
    await set('protocol.*.allow', 'always');
    await set('remote.origin.url', `ext::${trap} %S`);
    repository = await box.repository();
    assert.equal(repository.remote, 'origin');
    const config = path.join(box.root, '.git/config');
    const before = await readFile(config, 'utf8');
    await everything(box.git);
    assert.equal(await sprung(), 0);
    assert.equal(await readFile(config, 'utf8'), before);
  });

  it('ends every call that a key of the person would run a program in, or only a fetch', async () => {
    await set('remote.origin.url', box.root);
    repository = await box.repository();
    for (const { key, answer, onlyFetch } of programKeys) {
      if (answer !== 'person') continue;
      await set(key, key === 'core.worktree' ? box.folder : `'${trap}'`);
      await assert.rejects(box.git.freshestBase(repository, 'main'), unsafe, key);
      const call = box.git.diffStat(repository, base, base);
      if (onlyFetch === true) await call;
      else await assert.rejects(call, unsafe, key);
      const config = path.join(box.root, '.git/config');
      await box.person('config', '--file', config, '--unset', key.replace('*', 'x'));
    }
    await box.git.freshestBase(repository, 'main');
    assert.equal(await sprung(), 0);
  });

  it('names the key and what it says', async () => {
    await set('filter.x.clean', trap);
    const refused = box.git.diffStat(repository, base, base);
    await assert.rejects(
      refused,
      (error) => unsafe(error) && error instanceof GitError && error.message.includes('filter.x.clean'),
    );
    assert.deepEqual(await box.git.localPrograms(repository), [
      { key: 'filter.x.clean', value: trap, honoured: false },
    ]);
  });

  it('is looked at again whenever it changed, also right after a call that it let pass', async () => {
    const config = path.join(box.root, '.git/config');
    const old = new Date(Date.now() - 60_000);
    await utimes(config, old, old);
    await box.git.branches(repository);
    await set('filter.x.clean', trap);
    await assert.rejects(box.git.branches(repository), unsafe);
    await box.person('config', '--unset', 'filter.x.clean');
    await box.git.branches(repository);
  });

  it('counts what it includes, and what one worktree configures for itself', async () => {
    const included = path.join(box.folder, 'included');
    await set('include.path', included);
    await box.git.branches(repository);
    await writeFile(included, `[filter "x"]\n\tprocess = ${trap}\n`);
    await assert.rejects(box.git.branches(repository), unsafe);
    await writeFile(included, '');
    await box.git.addWorktree(repository, path.join(box.folder, 'rigs/nux'), branch, base);
    await box.person('config', 'extensions.worktreeConfig', 'true');
    await box.personIn(path.join(box.folder, 'rigs/nux'), 'config', '--worktree', 'filter.x.smudge', trap);
    await box.git.branches(repository);
    await assert.rejects(box.git.head(path.join(box.folder, 'rigs/nux')), unsafe);
  });

  it('runs the helpers that everybody knows, and what the person configured for all their repositories', async () => {
    await set('filter.lfs.process', 'git-lfs filter-process');
    await set('filter.lfs.clean', 'git-lfs clean -- %f');
    await set('filter.git-crypt.smudge', '"git-crypt" smudge');
    const global = path.join(box.folder, 'global');
    const filter = 'sed s/work/clean/';
    await writeFile(global, `[filter "x"]\n\tclean = ${filter}\n\tsmudge = cat\n`);
    process.env['GIT_CONFIG_GLOBAL'] = global;
    await set('filter.x.clean', filter);
    const place = path.join(box.folder, 'rigs/nux');
    await box.git.addWorktree(repository, place, branch, base);
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    const head = await box.git.commitAll(place, 'work', branch);
    assert.equal(await box.git.show(repository, head ?? base, 'a.txt'), 'clean\n');
    await set('filter.lfs.process', `git-lfs filter-process; ${trap}`);
    await assert.rejects(box.git.branches(repository), unsafe);
  });

  it("ends a checkout whose large files git-lfs would fetch by a program that is not the person's", async () => {
    const global = path.join(box.folder, 'global');
    await writeFile(global, '[filter "lfs"]\n\tsmudge = git-lfs smudge -- %f\n');
    const place = path.join(box.folder, 'rigs/nux');
    const room = path.join(box.folder, 'rigs/.queue');
    await set('credential.helper', trap);
    await box.git.cleanWorktree(repository, room, base);
    process.env['GIT_CONFIG_GLOBAL'] = global;
    const git = openGit();
    assert.deepEqual(await git.branches(repository), ['main']);
    await assert.rejects(git.addWorktree(repository, place, branch, base), unsafe);
    await assert.rejects(git.cleanWorktree(repository, room, base), unsafe);
    await git.approvePrograms(repository, await git.localPrograms(repository));
    await git.addWorktree(repository, place, branch, base);
    await git.cleanWorktree(repository, room, base);
    assert.equal(await sprung(), 0);
  });

  it('runs what the person approved, that very value, as long as their folder keeps it', async () => {
    const approvals = path.join(box.folder, 'approvals');
    const git = openGit({ approvals });
    await set('filter.x.clean', 'cat');
    await assert.rejects(git.branches(repository), unsafe);
    await git.approvePrograms(repository, await git.localPrograms(repository));
    await git.branches(repository);
    await openGit({ approvals }).branches(repository);
    await set('filter.x.clean', trap);
    await assert.rejects(git.branches(repository), unsafe);
    await assert.rejects(openGit({ approvals }).branches(repository), unsafe);
  });

  it("leaves a submodule's files where they are", async () => {
    const outer = path.join(box.folder, 'outer');
    await mkdir(outer);
    await box.personIn(outer, 'init', '-q', '-b', 'main');
    await box.personIn(
      outer,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      'add',
      '-q',
      box.root,
      'inner',
    );
    const inner = await box.git.describe(path.join(outer, 'inner'));
    assert.deepEqual(await box.git.branches(inner), ['main']);
    await box.personIn(inner.root, 'config', 'core.worktree', box.folder);
    await assert.rejects(box.git.branches(inner), unsafe);
  });

  it('is of no use to a worktree whose link was made to lead into a repository of the agent', async () => {
    const place = path.join(box.folder, 'rigs/nux');
    await box.git.addWorktree(repository, place, branch, base);
    const evil = path.join(box.folder, 'evil');
    await mkdir(evil);
    await box.personIn(evil, 'init', '-q');
    await set('filter.x.clean', trap, evil);
    await writeFile(path.join(place, '.git'), `gitdir: ${path.join(evil, '.git')}\n`);
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    await assert.rejects(box.git.commitAll(place, 'work', branch), unsafe);
    assert.equal(await sprung(), 0);
  });

  it('sets off nothing by a repository inside a worktree, recorded there or not', async () => {
    const place = path.join(box.folder, 'rigs/nux');
    await box.git.addWorktree(repository, place, branch, base);
    const nest = path.join(place, 'nest');
    await mkdir(nest);
    await box.personIn(nest, 'init', '-q');
    await box.personIn(nest, 'commit', '-q', '--allow-empty', '-m', 'inner');
    await set('core.fsmonitor', `'${trap}'`, nest);
    await box.personIn(place, 'add', 'nest');
    await writeFile(
      path.join(place, '.gitmodules'),
      '[submodule "nest"]\n\tpath = nest\n\turl = x\n\tignore = none\n',
    );
    await box.personIn(place, 'status').catch(() => null);
    assert.ok((await sprung()) > 0, 'plain git runs it, so that this test can fail');
    const before = await sprung();
    const head = await box.git.commitAll(place, 'work', branch);
    const inner = await box.personIn(nest, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD');
    assert.match(await box.person('ls-tree', head ?? base, 'nest'), new RegExp(inner));
    await box.personIn(nest, '-c', 'core.fsmonitor=false', 'commit', '-q', '--allow-empty', '-m', 'more');
    await writeFile(path.join(nest, 'dirt'), 'dirt\n');
    const moved = await box.git.commitAll(place, 'the submodule moved', branch);
    const room = path.join(box.folder, 'rigs/.queue');
    await box.git.cleanWorktree(repository, room, moved ?? base);
    const beside = await box.beside(base, { 'c.txt': 'c\n' });
    await box.git.mergeOnto(repository, beside, wanted(moved ?? base, 'rebase'));
    await box.git.reapply(repository, place, branch, await box.beside(base, { 'd.txt': 'd\n' }));
    await box.git.retire(repository, place, path.join(box.folder, 'rigs/.trash'));
    assert.equal(await sprung(), before);
    assert.notEqual(moved, null);
  });

  it('cannot make a commit read as another than the one that is proven and lands', async () => {
    const good = await box.beside(base, { 'a.txt': 'good\n' });
    const bad = await box.beside(base, { 'a.txt': 'bad\n' });
    await box.person('replace', bad, good);
    await mkdir(path.join(box.root, '.git/info'), { recursive: true });
    await appendFile(path.join(box.root, '.git/info/grafts'), `${bad}\n`);
    assert.equal(await box.git.show(repository, bad, 'a.txt'), 'bad\n');
    assert.equal(await box.git.isAncestor(repository, base, bad), true);
  });
});
