import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CheckDefinition } from '../../../src/town/check.ts';
import type { CommitId, RequestId } from '../../../src/town/ids.ts';
import { withEntries } from '../git/landingRig.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { type QueueOptions, QueueRig, gitNow } from './queueRig.ts';

const node = (script: string): CheckDefinition => ({
  name: 'verify',
  command: process.execPath,
  args: ['-e', script],
  timeoutMs: 60_000,
});

describe('The merge queue in a repository', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig | null = null;
  let base: CommitId;

  const laid = async (files: Readonly<Record<string, string>> = {}): Promise<void> => {
    box = await sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n', ...files });
    base = await box.at('main');
  };
  afterEach(async () => {
    await rig?.close();
    rig = null;
    await box.end();
  });
  const branch = async (
    name: string,
    files: Readonly<Record<string, string | null>>,
    from = base,
  ): Promise<CommitId> => {
    const head = await box.beside(from, files);
    await box.person('branch', '-f', name, head);
    return head;
  };
  const open = async (options: QueueOptions = {}): Promise<QueueRig> => {
    rig = await QueueRig.open(box, options);
    return rig;
  };
  const landed = async (...names: readonly string[]): Promise<readonly RequestId[]> => {
    const one = rig ?? (await open());
    const entered = await one.enter(...names);
    await one.rest();
    assert.deepEqual(
      one.stagesOf(entered),
      names.map(() => 'landed'),
      one.story(),
    );
    return entered;
  };

  it('defect 2: lands nothing when a check ends with 1, and the target stays where it is', async () => {
    await laid();
    await branch('fix', { 'c.txt': 'c\n' });
    const one = await open({
      definitions: [node('process.exit(require("fs").existsSync("c.txt") ? 1 : 0)')],
    });
    const [request] = await one.enter('fix');
    await one.rest();
    assert.ok(request !== undefined);
    const { stage, reason } = one.request(request);
    assert.deepEqual([stage, reason?.code, reason?.facts['exitCode']], ['failed', 'landing_check_failed', 1]);
    assert.equal(await box.at('main'), base);
    assert.deepEqual(one.landed, []);
  });

  it('defect 6: proves with the checks that were confirmed and lands on its target, without a remote', async () => {
    await laid();
    await box.person('branch', '-m', 'main', 'trunk/of-it');
    await branch('good', { 'c.txt': 'c\n' });
    await branch('bad', { 'd.txt': 'd\n' });
    const one = await open({
      target: 'trunk/of-it',
      definitions: [node('process.exit(require("fs").existsSync("d.txt") ? 3 : 0)')],
    });
    const [good, bad] = await one.enter('good', 'bad');
    await one.rest();
    assert.ok(good !== undefined && bad !== undefined);
    assert.deepEqual(one.stagesOf([good, bad]), ['landed', 'failed'], one.story());
    assert.equal(await box.at('trunk/of-it'), one.request(good).landed);
    assert.equal(await box.person('remote'), '');
    assert.equal(await box.person('branch', '--list', 'main', 'master'), '');
  });

  it('defect 13: takes what the target has already for landed, and goes on with the others', async () => {
    await laid();
    const there = await branch('there', { 'c.txt': 'c\n' });
    await branch('other', { 'd.txt': 'd\n' });
    const one = await open({ style: 'rebase' });
    // It lands by hand between its entry and its merge.
    one.on('merging', () => {
      gitNow(box.root, 'update-ref', 'refs/heads/main', there);
    });
    await one.foreman.wish({ type: 'pauseQueue' });
    const entered = await landed('there', 'other');
    assert.deepEqual(
      entered.map((request) => one.request(request).reason),
      [null, null],
    );
    assert.equal(await box.person('log', '--format=%H', 'main', '--', 'c.txt'), there);
  });

  it('whose hooks fail and rewrite: none is run, and what lands is what was proven', async () => {
    await laid();
    const ran = path.join(box.folder, 'ran');
    const hooks = [
      ...['pre-commit', 'commit-msg', 'prepare-commit-msg', 'pre-merge-commit', 'post-checkout', 'pre-push'],
      ...['post-merge', 'post-commit', 'pre-rebase', 'reference-transaction', 'post-index-change'],
    ];
    await branch('fix', { 'c.txt': 'c\n' });
    for (const hook of hooks) {
      const file = path.join(box.root, '.git', 'hooks', hook);
      await box.write(
        `.git/hooks/${hook}`,
        `#!/bin/sh\necho ${hook} >> "${ran}"\necho mangled > "$1"\nexit 1\n`,
      );
      chmodSync(file, 0o755);
    }
    const one = await open();
    const [request] = await landed('fix');
    assert.ok(request !== undefined);
    assert.equal(existsSync(ran), false);
    assert.equal(await box.at('main'), one.request(request).candidate?.commit);
    assert.equal(gitNow(box.root, 'log', '-1', '--format=%s', 'main'), 'fix');
    assert.equal(await box.read('c.txt'), 'c\n');
  });

  it('that converts line ends: its files follow with theirs, and nothing counts as changed', async () => {
    await laid({ '.gitattributes': '* text=auto\n*.win eol=crlf\n' });
    await box.person('config', 'core.autocrlf', 'true');
    await branch('one', { 'c.txt': 'c\n', 'd.win': 'd\n' });
    await branch('two', { 'a.txt': 'a\nmore\n' });
    await landed('one', 'two');
    assert.equal(await box.read('c.txt'), 'c\r\n');
    assert.equal(await box.read('d.win'), 'd\r\n');
    assert.equal(await box.person('status', '--porcelain'), '');
    assert.equal(await box.person('cat-file', 'blob', 'main:c.txt'), 'c');
  });

  it('whose filter nobody approved: it stands still before anything is run, says so, and goes on without it', async () => {
    await laid({ '.gitattributes': '*.dat filter=odd\n' });
    const ran = path.join(box.folder, 'ran');
    await branch('fix', { 'c.dat': 'c\n' });
    const one = await open();
    one.on('merging', () => {
      for (const way of ['clean', 'smudge'])
        gitNow(box.root, 'config', `filter.odd.${way}`, `touch "${ran}"; cat`);
    });
    const entered = await one.enter('fix');
    await one.rest();
    assert.equal(one.queue.paused?.reason?.code, 'git_failed', one.story());
    assert.match(JSON.stringify(one.queue.paused.reason.facts), /filter\.odd\./);
    assert.equal(await box.at('main'), base);
    assert.equal(existsSync(ran), false);
    gitNow(box.root, 'config', '--remove-section', 'filter.odd');
    await one.foreman.wish({ type: 'resumeQueue' });
    await one.rest();
    assert.deepEqual(one.stagesOf(entered), ['landed'], one.story());
  });

  it('with pointers to large files, and no program for them: the pointers land as they are', async () => {
    const pointer = (size: number): string =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${String(size)}\n`;
    await laid({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'x.bin': pointer(1) });
    await branch('fix', { 'x.bin': pointer(2), 'y.bin': pointer(3) });
    await branch('other', { 'c.txt': 'c\n' });
    await landed('fix', 'other');
    assert.equal(await box.read('x.bin'), pointer(2));
    assert.equal(await box.read('y.bin'), pointer(3));
  });

  it('with submodules: what they point at lands, and nothing is fetched or run for it', async () => {
    await laid();
    const modules = `[submodule "lib"]\n\tpath = lib\n\turl = ./nowhere\n`;
    const with1 = await box.beside(base, { '.gitmodules': modules });
    const one = await withEntries(box, with1, { lib: `160000 ${'1'.repeat(40)}` });
    await box.person('branch', 'add', one);
    await branch('other', { 'c.txt': 'c\n' });
    await landed('add', 'other');
    assert.match(await box.person('ls-tree', 'main', 'lib'), /^160000 commit 1{40}/);
    await box.person(
      'branch',
      'bump',
      await withEntries(box, await box.at('main'), { lib: `160000 ${'2'.repeat(40)}` }),
    );
    await landed('bump');
    assert.match(await box.person('ls-tree', 'main', 'lib'), /^160000 commit 2{40}/);
    assert.equal(await box.person('status', '--porcelain', '--ignore-submodules=all'), '');
  });

  it('that is checked out sparsely: only what the person has out follows', async () => {
    await laid({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
    await box.person('sparse-checkout', 'set', '--cone', 'in');
    await branch('one', { 'in/a.txt': 'a2\n', 'out/b.txt': 'b2\n' });
    await branch('two', { 'out/c.txt': 'c\n' });
    await landed('one', 'two');
    assert.equal(await box.read('in/a.txt'), 'a2\n');
    assert.equal(existsSync(path.join(box.root, 'out')), false);
    assert.equal(await box.person('status', '--porcelain'), '');
    assert.equal(await box.person('cat-file', 'blob', 'main:out/b.txt'), 'b2');
  });

  it('that wants every commit signed: it lands unsigned, and asks for no key', async () => {
    await laid();
    const asked = path.join(box.folder, 'asked');
    const signer = path.join(box.folder, 'signer');
    writeFileSync(signer, `#!/bin/sh\ntouch "${asked}"\nexit 1\n`, { mode: 0o755 });
    const configuration = path.join(box.folder, 'personal');
    // The person's own, since a repository's would not be let run it.
    process.env['GIT_CONFIG_GLOBAL'] = configuration;
    for (const [key, value] of [
      ['commit.gpgSign', 'true'],
      ['merge.verifySignatures', 'true'],
      ['gpg.program', signer],
    ] as const)
      gitNow(box.root, 'config', '--file', configuration, key, value);
    await branch('fix', { 'c.txt': 'c\n' });
    await branch('other', { 'd.txt': 'd\n' });
    await landed('fix', 'other');
    assert.equal(existsSync(asked), false);
    assert.doesNotMatch(gitNow(box.root, 'cat-file', 'commit', 'main'), /^gpgsig/m);
  });

  it('where a branch is 5,000 commits behind', async () => {
    await laid();
    const old = await branch('old', { 'c.txt': 'c\n' });
    const who = 'Ada <ada@example.invalid> 1700000000 +0000';
    const commits = Array.from(
      { length: 5_000 },
      (_, index) =>
        `commit refs/heads/main\ncommitter ${who}\ndata 1\nx\n${index === 0 ? `from ${base}\n` : ''}` +
        `M 100644 inline f${String(index % 50)}\ndata ${String(String(index).length)}\n${String(index)}\n`,
    );
    await box.write('../import', `${commits.join('')}done\n`);
    gitNow(box.root, 'checkout', '-q', '--detach');
    gitNow(box.root, '-c', 'alias.import=!git fast-import --quiet --done < ../import', 'import');
    gitNow(box.root, 'checkout', '-q', 'main');
    await landed('old');
    await box.person('merge-base', '--is-ancestor', old, 'main');
    assert.equal(await box.person('rev-list', '--count', '--first-parent', 'main'), '5002');
    assert.equal(await box.read('c.txt'), 'c\n');
  });

  it('from which a branch and its commits are gone: that one goes back, and the others land', async () => {
    await laid();
    const head = await branch('gone', { 'c.txt': 'c\n' });
    await branch('other', { 'd.txt': 'd\n' });
    const one = await open();
    await one.foreman.wish({ type: 'pauseQueue' });
    const [gone, other] = await one.enter('gone', 'other');
    assert.ok(gone !== undefined && other !== undefined);
    await box.person('branch', '-D', 'gone');
    rmSync(path.join(box.root, '.git', 'objects', head.slice(0, 2), head.slice(2)));
    await one.foreman.wish({ type: 'resumeQueue' });
    await one.rest();
    assert.deepEqual(one.stagesOf([gone, other]), ['conflict', 'landed'], one.story());
    assert.match(String(one.request(gone).reason?.facts['message']), /not there any more/);
  });

  it('whose index the queue’s own room left locked: the room is made anew', async () => {
    await laid();
    await branch('one', { 'c.txt': 'c\n' });
    await branch('two', { 'd.txt': 'd\n' });
    await branch('three', { 'e.txt': 'e\n' });
    const one = await open();
    await landed('one');
    const rooms = readdirSync(`${box.root}.rigs`).filter((name) => name.startsWith('.queue'));
    assert.notEqual(rooms.length, 0);
    for (const room of rooms) {
      const lock = gitNow(path.join(`${box.root}.rigs`, room), 'rev-parse', '--git-path', 'index.lock');
      assert.ok(path.isAbsolute(lock));
      writeFileSync(lock, '');
    }
    // Rooms are taken in turn.
    await landed('two');
    await landed('three');
    assert.deepEqual(one.said('hand.failed'), []);
  });

  it('whose checks are killed: it is tried again, and lands once it passes', async () => {
    await laid();
    await branch('one', { 'c.txt': 'c\n' });
    const flag = path.join(box.folder, 'killed before');
    const script = `const fs = require('fs'); const flag = ${JSON.stringify(flag)};
      if (!fs.existsSync(flag)) { fs.writeFileSync(flag, ''); process.kill(process.pid, 'SIGKILL'); }`;
    await open({ definitions: [node(script)] });
    await landed('one');
    assert.equal(existsSync(flag), true);
  });

  const clashes: Readonly<
    Record<string, [Record<string, string | null>, Record<string, string | null>, string[]]>
  > = {
    'in one file': [{ 'a.txt': 'one\n' }, { 'a.txt': 'two\n' }, ['a.txt']],
    'in a binary file': [{ 'x.bin': '\0one' }, { 'x.bin': '\0two' }, ['x.bin']],
    'because both renamed a file': [
      { 'b.txt': null, 'one.txt': 'b\nb\nb\nb\n' },
      { 'b.txt': null, 'two.txt': 'b\nb\nb\nb\n' },
      ['b.txt', 'one.txt', 'two.txt'],
    ],
    'because one deletes what the other changes': [{ 'a.txt': null }, { 'a.txt': 'two\n' }, ['a.txt']],
    'in names that differ in case only': [
      { 'Case.txt': '1\n' },
      { 'case.txt': '2\n' },
      ['Case.txt', 'case.txt'],
    ],
  };
  it('where branches conflict: what cannot be merged goes back with its files, all else lands', async () => {
    await laid({ 'b.txt': 'b\nb\nb\nb\n', 'x.bin': '\0base' });
    // As on a file system that takes both for one.
    await box.person('config', 'core.ignorecase', 'true');
    const one = await open();
    for (const [index, [first, second, files]] of Object.values(clashes).entries()) {
      const from = await box.at('main');
      const names = ['first', 'second', 'beside'].map((name) => `${name}-${String(index)}`);
      const [a = '', b = '', c = ''] = names;
      await branch(a, first, from);
      await branch(b, second, from);
      await branch(c, { [c]: c }, from);
      const [, given] = await one.enter(a, b, c);
      await one.rest();
      assert.ok(given !== undefined);
      const { stage, reason } = one.request(given);
      const what = Object.keys(clashes)[index];
      assert.deepEqual(
        [stage, reason?.code],
        ['conflict', 'landing_conflict'],
        `${String(what)}\n${one.story()}`,
      );
      assert.deepEqual([...(reason?.facts['files'] as string[])].sort(), files, what);
      await box.person('merge-base', '--is-ancestor', a, 'main');
      await box.person('merge-base', '--is-ancestor', c, 'main');
      assert.equal(await box.person('status', '--porcelain'), '');
      assert.notEqual(await box.person('for-each-ref', '--contains', b), '');
    }
  });

  it('whose outputs cannot be written: it says so, and goes on once they can', async () => {
    await laid();
    await branch('one', { 'c.txt': 'c\n' });
    const one = await open({ definitions: [node('process.exit(0)')] });
    const outputs = path.join(one.place, 'outputs');
    writeFileSync(outputs, 'no folder');
    const entered = await one.enter('one');
    await one.until(() => one.said('hand.failed').length > 0);
    assert.match(one.said('hand.failed')[0] ?? '', /"proveTip".*(ENOTDIR|EEXIST)/);
    assert.equal(await box.at('main'), base);
    rmSync(outputs);
    await one.rest();
    assert.deepEqual(one.stagesOf(entered), ['landed'], one.story());
  });
});
