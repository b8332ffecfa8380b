import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

/** Every hook git knows of that one of Rigs' calls could set off. */
const hooks = [
  ...[
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'post-checkout',
    'post-merge',
    'pre-rebase',
  ],
  ...[
    'post-rewrite',
    'post-index-change',
    'reference-transaction',
    'pre-merge-commit',
    'fsmonitor-watchman',
    'pre-auto-gc',
  ],
];

describe("a repository's programs", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let marks: string;
  let trap: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    box = await sandbox({
      'a.txt': 'a\n',
      'b.dat': 'b\n',
      '.gitattributes': '*.dat diff=evil\n*.txt diff=evil\n',
    });
    repository = await box.repository();
    marks = path.join(box.folder, 'marks');
    await mkdir(marks);
    trap = path.join(box.folder, 'trap');
    // It leaves a mark and fails, so that it is noticed whether or not git minds.
    await writeFile(trap, `#!/bin/sh\n: > '${marks}'/$$\nexit 1\n`);
    await chmod(trap, 0o755);
  });
  afterEach(() => box.end());

  async function setTraps(): Promise<void> {
    const folder = path.join(box.root, '.hooks');
    await mkdir(folder);
    for (const hook of hooks) {
      await writeFile(path.join(folder, hook), `#!/bin/sh\nexec '${trap}'\n`);
      await chmod(path.join(folder, hook), 0o755);
      await writeFile(path.join(box.root, '.git/hooks', hook), `#!/bin/sh\nexec '${trap}'\n`);
      await chmod(path.join(box.root, '.git/hooks', hook), 0o755);
    }
    const quoted = `'${trap}'`;
    const config = [
      `[core]\n\thooksPath = .hooks\n\tfsmonitor = "${quoted}"\n\tpager = "${quoted}"\n\teditor = "${quoted}"\n\taskPass = "${quoted}"`,
      `[diff]\n\texternal = "${quoted}"\n[diff "evil"]\n\tcommand = "${quoted}"\n\ttextconv = "${quoted}"`,
      `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = "${quoted}"\n[log]\n\tshowSignature = true`,
      `[sequence]\n\teditor = "${quoted}"\n[rebase]\n\tautoSquash = true\n\tautoStash = true`,
      `[protocol "ext"]\n\tallow = always\n[remote "origin"]\n\turl = "ext::${trap} %S"`,
    ];
    await writeFile(path.join(box.root, '.git/config'), `${config.join('\n')}\n`, { flag: 'a' });
  }
  const sprung = async (): Promise<number> => (await readdir(marks)).length;

  it('are set off by plain git, so that this test can fail', async () => {
    await setTraps();
    await box.write('a.txt', 'x\n');
    await assert.rejects(box.person('commit', '-a', '-m', 'x'));
    assert.ok((await sprung()) > 0);
  });

  it('do not run in anything Rigs does', async () => {
    const base = await box.at('main');
    const theirs = await box.beside(base, { 'c.txt': 'theirs\n' });
    const clash = await box.beside(base, { 'a.txt': 'clash\n' });
    await setTraps();
    repository = await box.repository();
    assert.equal(repository.remote, 'origin');
    const { git } = box;
    const place = path.join(box.folder, 'rigs', 'nux');
    const room = path.join(box.folder, 'rigs', '.queue');
    const branch = 'polecat/nux/gt-00001';
    assert.equal(await git.freshestBase(repository, 'main'), base);
    await git.addWorktree(repository, place, branch, base);
    await writeFile(path.join(place, 'a.txt'), 'work\n');
    await writeFile(path.join(place, 'b.dat'), 'work\n');
    assert.equal((await git.uncommitted(place)).length, 2);
    const head = (await git.commitAll(place, 'work', branch)) ?? base;
    await git.cleanWorktree(repository, room, head);
    const wanted = {
      head,
      style: 'rebase',
      message: { subject: 'work', body: '', trailers: [] },
      at: 0,
    } as const;
    assert.equal((await git.mergeOnto(repository, clash, wanted)).ok, false);
    const rebased = await git.mergeOnto(repository, theirs, wanted);
    assert.ok(rebased.ok);
    await readEverything(base, rebased.commit);
    await git.reapply(repository, place, branch, clash);
    assert.ok((await git.land(repository, 'main', base, rebased.commit)).ok);
    await git.retire(repository, place, path.join(box.folder, 'rigs', '.trash'));
    assert.equal(await sprung(), 0);
    assert.equal(await git.show(repository, await box.at('main'), 'b.dat'), 'work\n');
  });

  async function readEverything(from: CommitId, to: CommitId): Promise<void> {
    const { git } = box;
    assert.match(await git.diff(repository, from, to, 1 << 20), /^\+work$/m);
    assert.equal((await git.diffStat(repository, from, to)).files.length, 3);
    assert.equal((await git.log(repository, from, to)).length, 2);
    await git.branches(repository);
    await git.tip(repository, 'main');
  }
});

describe("reading a repository's history", () => {
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  const odd = 'd i"r\t/n\new 🦀.txt';
  beforeEach(async () => {
    box = await sandbox({ 'a.txt': 'a\n', 'old.txt': 'one\ntwo\nthree\n' });
    repository = await box.repository();
  });
  afterEach(() => box.end());

  it('shows a file as it was, whatever its name', async () => {
    const commit = await box.commit({ [odd]: 'ü\n', 'a.txt': 'new\n' });
    const { git } = box;
    assert.equal(await git.show(repository, commit, odd), 'ü\n');
    assert.equal(await git.show(repository, await box.at('HEAD~1'), 'a.txt'), 'a\n');
    for (const path of ['gone.txt', 'd i"r\t', '', '*.txt', ':(glob)**', '/etc/passwd']) {
      assert.equal(await git.show(repository, commit, path).catch(() => null), null, path);
    }
  });

  it('shows no text of a binary file', async () => {
    const commit = await box.commit({ 'x.bin': 'a\0b' });
    assert.equal(await box.git.show(repository, commit, 'x.bin'), null);
    const stat = await box.git.diffStat(repository, await box.at('HEAD~1'), commit);
    assert.deepEqual(stat, { files: ['x.bin'], insertions: 0, deletions: 0 });
  });

  it('counts both names of a renamed file, so that none goes unseen', async () => {
    const commit = await box.commit({ 'old.txt': null, [odd]: 'one\ntwo\nthree\n' });
    const stat = await box.git.diffStat(repository, await box.at('HEAD~1'), commit);
    assert.deepEqual([...stat.files].sort(), [odd, 'old.txt'].sort());
  });

  it('cuts a long diff between lines and says so', async () => {
    const commit = await box.commit({ 'long.txt': 'füllung\n'.repeat(5000) });
    const text = await box.git.diff(repository, await box.at('HEAD~1'), commit, 1000);
    assert.ok(Buffer.byteLength(text) < 1100);
    assert.match(text, /\n\+füllung\n\.\.\. cut here: the diff is longer than 1000 bytes\n$/);
  });

  it('gives subjects newest first, and takes none of them for more than text', async () => {
    const from = await box.at('HEAD');
    const first = await box.commit({ 'a.txt': '1\n' }, 'òò forged òò\n\nbody');
    const second = await box.commit({ 'a.txt': '2\n' }, `${'f'.repeat(40)} --all`);
    assert.deepEqual(await box.git.log(repository, from, second), [
      { commit: second, subject: `${'f'.repeat(40)} --all` },
      { commit: first, subject: 'òò forged òò' },
    ]);
    assert.deepEqual(await box.git.log(repository, second, second), []);
  });

  it('tells ancestors and common ground', async () => {
    const base = await box.at('HEAD');
    const left = await box.beside(base, { l: 'l' });
    const right = await box.beside(base, { r: 'r' });
    assert.equal(await box.git.mergeBase(repository, left, right), base);
    assert.equal(await box.git.isAncestor(repository, base, left), true);
    assert.equal(await box.git.isAncestor(repository, left, right), false);
  });

  it('says null for a branch that is not there, also when one lies below its name', async () => {
    await box.person('branch', '-q', 'team/feature');
    assert.equal(await box.git.tip(repository, 'team'), null);
    assert.equal((await box.git.tip(repository, 'team/feature'))?.commit, await box.at('HEAD'));
    assert.deepEqual(await box.git.branches(repository), ['main', 'team/feature']);
  });

  it('calls a missing commit an error, never an empty answer', async () => {
    const gone = (await box.at('HEAD')).replace(/./g, 'd') as CommitId;
    const head = await box.at('HEAD');
    await assert.rejects(box.git.diffStat(repository, gone, head));
    await assert.rejects(box.git.log(repository, gone, head));
    await assert.rejects(box.git.show(repository, gone, 'a.txt'));
    await assert.rejects(box.git.isAncestor(repository, gone, head));
  });
});
