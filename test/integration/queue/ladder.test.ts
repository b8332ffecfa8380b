import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommitId, RequestId } from '../../../src/town/ids.ts';
import { type Sandbox, sandbox, withoutPersonalConfig } from '../git/sandbox.ts';
import { QueueRig, type QueueOptions, gitNow } from './queueRig.ts';

const base = 'one\ntwo\nthree\nfour\nfive\nsix\n';
const line = (text: string): string => base.replace('four', text);

describe('A conflict in the merge queue', function () {
  this.timeout(60_000);
  withoutPersonalConfig();
  let box: Sandbox;
  let rig: QueueRig | null = null;
  let start: CommitId;

  beforeEach(async () => {
    box = await sandbox({ 'a.txt': base, 'b.txt': base, 'c.ts': 'import a from "a";\n' });
    start = await box.at('main');
    await box.commit({
      ...{ 'a.txt': line('OURS'), 'b.txt': line('OURS') },
      'c.ts': 'import a from "a";\nimport b from "b";\n',
    });
  });
  afterEach(async () => {
    await rig?.close();
    rig = null;
    await box.end();
  });

  const opened = async (options: QueueOptions = {}): Promise<QueueRig> =>
    (rig = await QueueRig.open(box, options));
  const branch = async (
    name: string,
    files: Readonly<Record<string, string>>,
    parent = start,
  ): Promise<void> => {
    await box.person('branch', name, await box.beside(parent, files));
  };
  /** A person brings their branch together with the target, and puts it into the queue again. */
  const resolved = async (name: string, file: string, text: string): Promise<void> => {
    await box.person('switch', '-q', name);
    await assert.rejects(box.person('merge', '-q', 'main'));
    await box.write(file, text);
    await box.commit({}, `${name} and main`);
    await box.person('switch', '-q', 'main');
  };
  const ends = async (one: QueueRig, ...names: readonly string[]): Promise<readonly string[]> => {
    const entered: readonly RequestId[] = await one.enter(...names);
    await one.rest();
    return one.stagesOf(entered);
  };
  const onMain = (file: string): Promise<string> => box.person('show', `main:${file}`);

  /** `x` conflicts in a.txt, is brought together by its person and lands. */
  const landsResolved = async (one: QueueRig): Promise<void> => {
    await branch('x', { 'a.txt': line('THEIRS') });
    assert.deepEqual(await ends(one, 'x'), ['conflict'], one.story());
    await resolved('x', 'a.txt', line('BOTH'));
    assert.deepEqual(await ends(one, 'x'), ['landed'], one.story());
  };

  it('that somebody settled is settled by itself when another branch brings it, and lands green', async () => {
    const one = await opened();
    const cache = path.join(box.root, '.git', 'rr-cache');
    await box.person('config', 'rerere.enabled', 'true');
    const config = await readFile(path.join(box.root, '.git', 'config'), 'utf8');
    await branch('y', { 'b.txt': line('THEIRS'), 'y.txt': 'y\n' });
    assert.deepEqual(await ends(one, 'y'), ['conflict'], 'nobody knows it yet');
    await landsResolved(one);
    const before = await readdir(cache);
    await branch('y2', { 'b.txt': line('THEIRS'), 'y.txt': 'y\n' });
    assert.deepEqual(await ends(one, 'y2'), ['landed'], one.story());
    assert.equal(await onMain('b.txt'), line('BOTH').trim());
    assert.equal(await onMain('y.txt'), 'y');
    assert.ok(one.green.has(gitNow(box.root, 'rev-parse', 'main^{tree}')), 'exactly this was proven');
    assert.match(one.said('request.settled').join(), /"by":\["memory"\],"files":\["b\.txt"\]/);
    assert.deepEqual(await readdir(cache), before, 'the person’s own memory is theirs');
    assert.equal(await readFile(path.join(box.root, '.git', 'config'), 'utf8'), config);
    assert.equal(await box.person('status', '--porcelain'), '');
  });

  it('whose settlement fails goes back, and is not settled so again until somebody settles it anew', async () => {
    const one = await opened();
    await landsResolved(one);
    await branch('red', { 'b.txt': line('THEIRS'), 'red.txt': 'red\n' });
    assert.deepEqual(await ends(one, 'red'), ['failed'], one.story());
    const [request] = Object.values(one.foreman.state.requests).filter((it) => it.branch === 'red');
    assert.deepEqual(request?.reason?.facts['settled'], ['b.txt']);
    assert.equal(one.queue.disowned?.length, 1);
    await branch('y', { 'b.txt': line('THEIRS') });
    assert.deepEqual(await ends(one, 'y'), ['conflict'], one.story());
    assert.deepEqual(await readdir(path.join(box.root, '.git', 'rigs', 'resolutions')), []);
    await resolved('y', 'b.txt', line('BETTER'));
    assert.deepEqual(await ends(one, 'y'), ['landed'], one.story());
  });

  for (const moment of ['merging', 'landed'] as const)
    it(`is settled all the same by the next window, where this one is killed while it is ${moment}`, async () => {
      const one = await opened();
      await landsResolved(one);
      await branch('y', { 'b.txt': line('THEIRS') });
      one.on(moment, () => {
        one.kill();
      });
      const entered = one.enter('y');
      await one.until(() => one.isDead);
      const next = await one.reopen();
      rig = next;
      void entered.catch(() => undefined);
      await next.rest();
      const stages = Object.values(next.foreman.state.requests).map((it) => `${it.branch} ${it.stage}`);
      assert.deepEqual(stages.slice(-1), ['y landed'], next.story());
      assert.equal(await onMain('b.txt'), line('BOTH').trim());
    });

  it('is learnt of a landing that a killed window could not tell of any more', async () => {
    const one = await opened();
    await branch('x', { 'a.txt': line('THEIRS') });
    await resolved('x', 'a.txt', line('BOTH'));
    one.on('landed', () => {
      one.kill();
    });
    void one.enter('x').catch(() => undefined);
    await one.until(() => one.isDead);
    const next = await one.reopen();
    rig = next;
    await next.rest();
    await branch('y', { 'b.txt': line('THEIRS') });
    assert.deepEqual(await ends(next, 'y'), ['landed'], next.story());
  });

  it('is merged by its syntax where the machine has mergiraf, unless a person does not want that', async function () {
    if (process.platform === 'win32') this.skip();
    const bin = path.join(box.folder, 'bin');
    await mkdir(bin);
    // Speaks the command line of mergiraf 0.20: what both sides add to the imports is in.
    const script = `#!/bin/sh\nprintf 'import a from "a";\\nimport b from "b";\\nimport c from "c";\\n' > "$6"\n`;
    await writeFile(path.join(bin, 'mergiraf'), script);
    await chmod(path.join(bin, 'mergiraf'), 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${bin}${path.delimiter}${before ?? ''}`;
    try {
      const files = { 'c.ts': 'import a from "a";\nimport c from "c";\n' };
      await branch('s', files);
      await branch('s2', files);
      const off = await opened({ structural: false });
      assert.deepEqual(await ends(off, 's'), ['conflict'], off.story());
      off.kill();
      const one = await QueueRig.open(box, { memory: off.memory });
      rig = one;
      assert.deepEqual(await ends(one, 's2'), ['landed'], one.story());
      assert.match(await onMain('c.ts'), /"a";\nimport b from "b";\nimport c from/);
      assert.match(one.said('request.settled').join(), /"by":\["structure"\]/);
    } finally {
      process.env['PATH'] = before;
    }
  });
});
