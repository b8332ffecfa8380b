import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openGit } from '../../../src/git/openGit.ts';
import { findMergiraf } from '../../../src/git/mergiraf.ts';
import type { Repository, SettledMerge, Settling } from '../../../src/ports/git.ts';
import type { CommitId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from './sandbox.ts';

const words = { subject: 'Work', body: '', trailers: [] };
const never = new AbortController().signal;

describe('A conflict that was settled once', function () {
  this.timeout(30_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let repository: Repository;
  let memory: string;

  const base = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n';
  beforeEach(async () => {
    box = await sandbox({ 'a.txt': base, 'deep/b.txt': base, 'other.txt': 'other\n' });
    repository = await box.repository();
    memory = path.join(repository.commonDir, 'rigs', 'resolutions');
  });
  afterEach(() => box.end());

  const how = (more: Partial<Settling> = {}): Settling => ({
    ...{ memory, disowned: [], structural: false, now: Date.now() },
    ...more,
  });
  const settle = (
    onto: CommitId,
    head: CommitId,
    more: Partial<Settling> = {},
  ): Promise<SettledMerge | null> =>
    box.git.settleOnto(
      repository,
      onto,
      { head, style: 'merge', message: words, at: 1e12 },
      how(more),
      never,
    );
  const ours = base.replace('four', 'FOUR of ours');
  const theirs = base.replace('four', 'four of theirs');
  const both = base.replace('four', 'FOUR of both');
  const sides = async (file = 'a.txt'): Promise<{ ours: CommitId; theirs: CommitId; settled: CommitId }> => {
    const main = await box.at('main');
    const [left, right] = [
      await box.beside(main, { [file]: ours }),
      await box.beside(main, { [file]: theirs }),
    ];
    return { ours: left, theirs: right, settled: await box.beside(left, { [file]: both }) };
  };
  const at = (commit: CommitId, file: string): Promise<string> => box.person('show', `${commit}:${file}`);

  it('is settled by itself where both sides say the same again, in another file and with other lines around it', async () => {
    const first = await sides();
    assert.equal(await settle(first.ours, first.theirs), null);
    assert.equal(await box.git.learn(repository, memory, first), 1);
    const main = await box.at('main');
    const longer = (text: string): string => `zero\n${text}`;
    const left = await box.beside(main, { 'deep/b.txt': longer(ours), 'c.txt': 'c\n' });
    const right = await box.beside(main, { 'deep/b.txt': theirs });
    const settled = await settle(left, right);
    assert.deepEqual([settled?.by, settled?.files], [['memory'], ['deep/b.txt']]);
    assert.ok(settled);
    assert.equal(await at(settled.commit, 'deep/b.txt'), longer(both).trim());
    assert.equal(await at(settled.commit, 'c.txt'), 'c');
    assert.equal(await box.person('rev-parse', `${settled.commit}^@`), `${left}\n${right}`);
    assert.match(
      await box.person('log', '-1', '--format=%B', settled.commit),
      /Resolved: deep\/b\.txt \(as before\)/,
    );
    assert.deepEqual((await settle(left, right))?.commit, settled.commit, 'the same commit each time');
  });

  it('is not, where the sides say something else, where only a part is known, or where it is no matter of lines', async () => {
    await box.git.learn(repository, memory, await sides());
    const main = await box.at('main');
    const left = await box.beside(main, { 'a.txt': ours });
    assert.equal(await settle(left, await box.beside(main, { 'a.txt': base.replace('four', 'else') })), null);
    const two = await box.beside(main, { 'a.txt': ours, 'other.txt': 'mine\n' });
    assert.equal(
      await settle(two, await box.beside(main, { 'a.txt': theirs, 'other.txt': 'yours\n' })),
      null,
    );
    const gone = await box.beside(main, { 'a.txt': ours, 'other.txt': null });
    assert.equal(
      await settle(gone, await box.beside(main, { 'a.txt': theirs, 'other.txt': 'mine\n' })),
      null,
    );
  });

  it('is learnt of the merges that a branch brings along, once, and not where markers were left in them', async () => {
    const { ours: left, theirs: right } = await sides();
    await box.person('switch', '-q', '--detach', right);
    await assert.rejects(box.person('merge', '-q', left));
    await box.write('a.txt', both);
    const merged = await box.commit({}, 'merged');
    assert.equal(await box.git.learnMerges(repository, memory, left, [merged]), 1);
    assert.equal(await box.git.learnMerges(repository, memory, left, [merged]), 0);
    assert.deepEqual((await settle(left, right))?.by, ['memory']);
    const marked = await box.beside(left, { 'a.txt': `<<<<<<< a\n${ours}=======\n${theirs}>>>>>>> b\n` });
    assert.equal(
      await box.git.learn(repository, path.join(memory, 'else'), {
        ours: left,
        theirs: right,
        settled: marked,
      }),
      0,
    );
  });

  it('is forgotten by the name of its lesson, and may be learnt anew', async () => {
    const first = await sides();
    await box.git.learn(repository, memory, first);
    const [lesson = ''] = (await settle(first.ours, first.theirs))?.lessons ?? [];
    assert.equal(await settle(first.ours, first.theirs, { disowned: [lesson] }), null);
    assert.equal(await settle(first.ours, first.theirs), null);
    const better = await box.beside(first.ours, { 'a.txt': base.replace('four', 'FOUR, better') });
    await box.git.learn(repository, memory, { ...first, settled: better });
    const again = await settle(first.ours, first.theirs, { disowned: [lesson] });
    assert.ok(again);
    assert.match(await at(again.commit, 'a.txt'), /FOUR, better/);
  });

  it('touches neither the worktree nor the person’s own memory of conflicts and configuration', async () => {
    await box.person('config', 'rerere.enabled', 'true');
    const cache = path.join(repository.commonDir, 'rr-cache');
    await mkdir(cache);
    await writeFile(path.join(cache, 'mine'), 'mine');
    const config = await readFile(path.join(repository.commonDir, 'config'), 'utf8');
    const first = await sides();
    await box.git.learn(repository, memory, first);
    assert.ok(await settle(first.ours, first.theirs));
    assert.deepEqual(await readdir(cache), ['mine']);
    assert.equal(await readFile(path.join(repository.commonDir, 'config'), 'utf8'), config);
    assert.deepEqual(
      (await readdir(repository.commonDir)).filter((one) => one.startsWith('MERGE')),
      [],
    );
    assert.equal(await box.person('status', '--porcelain'), '');
  });

  it('what was damaged on the disk is no lesson, and the next one takes its place', async () => {
    const first = await sides();
    await box.git.learn(repository, memory, first);
    const [file = ''] = await readdir(memory);
    await writeFile(path.join(memory, file), 'half a li');
    assert.equal(await settle(first.ours, first.theirs), null);
    assert.equal(await box.git.learn(repository, memory, first), 1);
    assert.ok(await settle(first.ours, first.theirs));
  });
});

describe('A conflict that a program can merge by its syntax', function () {
  this.timeout(30_000);
  withoutPersonalConfig();
  let box: Sandbox;
  const path_ = process.env['PATH'];

  beforeEach(async () => {
    box = await sandbox({ 'a.ts': 'import a from "a";\n\nexport const f = 1;\n', 'b.txt': 'b\n' });
  });
  afterEach(async () => {
    process.env['PATH'] = path_;
    await box.end();
  });

  const pair = async (
    files: readonly [Record<string, string>, Record<string, string>],
  ): Promise<[CommitId, CommitId]> => {
    const main = await box.at('main');
    return [await box.beside(main, files[0]), await box.beside(main, files[1])];
  };
  const imports = (name: string): string =>
    `import a from "a";\nimport ${name} from "${name}";\n\nexport const f = 1;\n`;
  const settle = async (onto: CommitId, head: CommitId, structural = true): Promise<SettledMerge | null> => {
    const repository = await box.repository();
    const how = { memory: path.join(box.folder, 'memory'), disowned: [], structural, now: 0 };
    return openGit().settleOnto(
      repository,
      onto,
      { head, style: 'squash', message: words, at: 0 },
      how,
      never,
    );
  };
  /** Speaks the command line of mergiraf 0.20: writes to `-o`, ends with 0, or with 1 where something conflicts. */
  const standIn = async (script: string): Promise<void> => {
    const bin = path.join(box.folder, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, 'mergiraf'), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, 'mergiraf'), 0o755);
    process.env['PATH'] = `${bin}${path.delimiter}${path_ ?? ''}`;
  };

  it('is merged by it and lands as one commit where landings are squashed', async function () {
    if (process.platform === 'win32') this.skip();
    await standIn('[ "$1" = merge ] && [ "$5" = -o ] && cat "$3" "$4" > "$6" && echo "$7 $8" >> "$6"');
    const [onto, head] = await pair([{ 'a.ts': imports('b') }, { 'a.ts': imports('c') }]);
    assert.equal(await settle(onto, head, false), null);
    const settled = await settle(onto, head);
    assert.deepEqual([settled?.by, settled?.files, settled?.lessons], [['structure'], ['a.ts'], []]);
    assert.ok(settled);
    assert.equal(
      await box.person('show', `${settled.commit}:a.ts`),
      `${imports('b')}${imports('c')}--path-name=a.ts --timeout=10000`,
    );
    assert.equal(await box.person('rev-parse', `${settled.commit}^@`), onto);
  });

  const failures: Readonly<Record<string, string>> = {
    'it says so': 'cp "$3" "$6"; exit 1',
    'it fails': 'exit 255',
    'it writes nothing': 'exit 0',
    'it leaves markers behind and says otherwise': 'printf "<<<<<<< a\\n=======\\n>>>>>>> b\\n" > "$6"',
  };
  for (const [when, script] of Object.entries(failures))
    it(`stays one where ${when}`, async function () {
      if (process.platform === 'win32') this.skip();
      await standIn(script);
      assert.equal(await settle(...(await pair([{ 'a.ts': imports('b') }, { 'a.ts': imports('c') }]))), null);
    });

  it('is merged by the real mergiraf, where the machine has it', async function () {
    if ((await findMergiraf()) === null) this.skip();
    const [onto, head] = await pair([{ 'a.ts': imports('b') }, { 'a.ts': imports('c') }]);
    const settled = await settle(onto, head);
    assert.ok(settled);
    const text = await box.person('show', `${settled.commit}:a.ts`);
    assert.match(text, /import b from "b";/);
    assert.match(text, /import c from "c";/);
    assert.equal(await settle(...(await pair([{ 'b.txt': 'x\n' }, { 'b.txt': 'y\n' }]))), null);
  });
});
