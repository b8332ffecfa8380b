import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createChecks } from '../../../src/foreman/checks/checks.ts';
import { OutputFile, readOutput } from '../../../src/foreman/checks/output.ts';
import { type CheckDefinition, type CheckResult, firstFailure } from '../../../src/town/check.ts';

describe('running checks', () => {
  let folder: string;
  let cwd: string;
  let outputs: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs checks '));
    cwd = path.join(folder, 'work tree');
    outputs = path.join(folder, 'outputs', 'one');
    await mkdir(cwd);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const node = (script: string, name = 'check', timeoutMs = 20_000): CheckDefinition => ({
    name,
    command: process.execPath,
    args: ['-e', script],
    timeoutMs,
  });
  const run = (
    definitions: readonly CheckDefinition[],
    signal = new AbortController().signal,
  ): Promise<readonly CheckResult[]> => createChecks().run({ definitions, cwd, outputs, signal });
  async function one(definition: CheckDefinition): Promise<CheckResult & { readonly text: string }> {
    const [result] = await run([definition]);
    assert.ok(result);
    return { ...result, text: await readFile(result.outputFile ?? '', 'utf8') };
  }

  it('passes and fails by exit code, with both streams in one file', async () => {
    const passed = await one(node('console.log("out"); console.error("err")'));
    assert.equal(passed.outcome, 'passed');
    assert.equal(passed.exitCode, 0);
    assert.deepEqual(passed.text.split('\n').sort(), ['', 'err', 'out']);
    const failed = await one(node('process.exit(3)'));
    assert.deepEqual([failed.outcome, failed.exitCode], ['failed', 3]);
    assert.equal((await one(node('process.kill(process.pid, "SIGKILL")'))).outcome, 'failed');
  });

  it('stops at the first that does not pass', async () => {
    const started: string[] = [];
    const results = await createChecks().run({
      definitions: [node('', 'a'), node('process.exit(1)', 'b'), node('', 'c')],
      cwd,
      outputs,
      signal: new AbortController().signal,
      onStart: (name) => started.push(name),
    });
    assert.deepEqual(
      results.map(({ name, outcome }) => [name, outcome]),
      [
        ['a', 'passed'],
        ['b', 'failed'],
      ],
    );
    assert.deepEqual(started, ['a', 'b']);
  });

  it('skips what is for other files than those that changed, and goes on', async () => {
    const definitions = [
      { ...node('process.exit(1)', 'docs'), only: ['docs/**'] },
      { ...node('', 'code'), only: ['docs/**', '**/*.ts'] },
      node('', 'all'),
    ];
    const run = (changed?: readonly string[] | null): Promise<readonly CheckResult[]> =>
      createChecks().run({
        ...{ definitions, cwd, outputs, signal: new AbortController().signal },
        ...(changed === undefined ? {} : { changed }),
      });
    const outcomes = async (changed?: readonly string[] | null): Promise<readonly string[]> =>
      (await run(changed)).map(({ outcome }) => outcome);
    assert.deepEqual(await outcomes(['src/a.ts']), ['skipped', 'passed', 'passed']);
    assert.deepEqual(await outcomes([]), ['skipped', 'skipped', 'passed']);
    assert.deepEqual(await outcomes(['docs/a.md']), ['failed']);
    assert.deepEqual(await outcomes(null), ['failed']);
    assert.deepEqual(await outcomes(), ['failed']);
    assert.equal(firstFailure(await run(['src/a.ts'])), null);
  });

  it('sets what the check names in its environment', async () => {
    const { text } = await one({
      ...node('console.log(process.env.RIGS_TRIAL)'),
      env: { RIGS_TRIAL: '$HOME' },
    });
    assert.equal(text, '$HOME\n');
  });

  it('names the tests that failed and where, the same in whichever worktree it ran', async () => {
    const lines = [
      'TAP version 13\\n1..1\\nnot ok 1 - ${process.cwd()}/a.test.js breaks',
      '  at f (${process.cwd()}/gone.js:1:1)\\n  at g (${process.cwd()}/src/a.js:7:1)',
    ];
    await mkdir(path.join(cwd, 'src'));
    await writeFile(path.join(cwd, 'src', 'a.js'), '');
    const script = `console.log(\`${lines.join('\\n')}\`); process.exit(1)`;
    const failed = await one(node(script));
    assert.deepEqual(failed.failedTests, ['a.test.js breaks']);
    assert.deepEqual(failed.place, { file: 'src/a.js', line: 7 });
    const passed = await one(node(script.replace('exit(1)', 'exit(0)')));
    assert.deepEqual([passed.failedTests, passed.place], [undefined, undefined]);
  });

  it('names no place that a link leads out to', async () => {
    await writeFile(path.join(folder, 'outside.js'), '');
    await symlink(path.join(folder, 'outside.js'), path.join(cwd, 'a.js'));
    const { place } = await one(node('console.error("error at a.js:1"); process.exit(1)'));
    assert.equal(place, undefined);
  });

  it('runs in the worktree, with no token, nothing to read, and CI set', async () => {
    process.env['RIGS_TOKEN'] = 'secret';
    try {
      const { text } = await one(
        node(
          'console.log(process.cwd(), process.env.CI, process.env.RIGS_TOKEN, require("fs").readFileSync(0).length)',
        ),
      );
      assert.equal(text, `${cwd} true undefined 0\n`);
    } finally {
      delete process.env['RIGS_TOKEN'];
    }
  });

  it('is not runnable when its program is not there, and is told apart from a failure', async () => {
    const result = await one({ name: 'x', command: 'no-such-program', args: [], timeoutMs: 1000 });
    assert.deepEqual([result.outcome, result.exitCode], ['not_runnable', null]);
    assert.match(result.text, /no-such-program/);
  });

  it('calls a missing worktree an error, not a missing program', async () => {
    await rm(cwd, { recursive: true });
    await assert.rejects(run([node('')]), /ENOENT/);
  });

  it('hands arguments over as they are, to no shell', async () => {
    const args = ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '$(touch x)', '; touch y', '*'];
    const { text } = await one({ name: 'x', command: process.execPath, args, timeoutMs: 20_000 });
    assert.deepEqual(JSON.parse(text), ['$(touch x)', '; touch y', '*']);
    assert.deepEqual(await readdir(cwd), []);
  });

  it('keeps a hostile name inside the outputs folder', async () => {
    const { outputFile } = await one(node('', '../../x\0"🦀'));
    assert.equal(path.dirname(outputFile ?? ''), outputs);
  });

  it('cuts a flood, keeps its beginning and its end, and says so', async () => {
    const { text } = await one(
      node('for (let n = 0; n < 400000; n += 1) console.log("line", n); console.log("the end")'),
    );
    assert.ok(text.length < (2 << 20) + 200, String(text.length));
    assert.ok(text.startsWith('line 0\n'));
    assert.ok(text.endsWith('the end\n'));
    assert.match(text, /\.\.\. \d+ bytes of output were cut here \.\.\./);
  });

  describe('that start others', () => {
    before(function () {
      if (process.platform === 'win32') this.skip();
    });
    const ids = (): string => path.join(folder, 'ids');
    /** Child and grandchild that ignore SIGTERM, one of them in a session of its own; each writes its id. */
    const family = (): string => `
      const { spawn } = require('node:child_process');
      const { appendFileSync } = require('node:fs');
      const file = ${JSON.stringify(ids())};
      const sleep = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ";
      const log = "require('node:fs').appendFileSync(" + JSON.stringify(file) + ", process.pid + '\\\\n'); ";
      const inner = sleep + log;
      const outer = sleep + "require('node:child_process').spawn(process.execPath, ['-e', " + JSON.stringify(inner) + "], { stdio: 'inherit', detached: true }); " + log;
      spawn(process.execPath, ['-e', outer], { stdio: 'inherit' });
      appendFileSync(file, process.pid + '\\n');
    `;
    const written = async (): Promise<readonly number[]> =>
      (await readFile(ids(), 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map(Number);
    async function familyOf(count: number): Promise<readonly number[]> {
      const until = performance.now() + 15_000;
      while ((await written()).length < count) {
        assert.ok(performance.now() < until, 'the family did not come up');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return written();
    }
    async function assertGone(pids: readonly number[]): Promise<void> {
      for (const pid of pids) {
        const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
        const dead = stat === '' || stat.includes(') Z ');
        const unknown = (): boolean => {
          try {
            return !process.kill(pid, 0);
          } catch {
            return true;
          }
        };
        assert.ok(process.platform === 'linux' ? dead : unknown(), `process ${String(pid)} lives`);
      }
    }

    it('are ended with all of them at the time limit, and say so', async () => {
      const hanging = `${family()}; setInterval(() => {}, 1000)`;
      // Where three programs take longer than that to come up, there is more time.
      for (let limit = 1_000, up = 0; up < 3; limit *= 2) {
        await rm(ids(), { force: true });
        const [result] = await run([node(hanging, 'hangs', limit)]);
        assert.equal(result?.outcome, 'timed_out');
        const words = await readFile(result.outputFile ?? '', 'utf8');
        assert.ok(words.includes(`ended after ${String(limit)} ms`), words);
        const pids = await written();
        await assertGone(pids);
        up = pids.length;
      }
    });

    it('are ended with all of them when the caller gives up', async () => {
      const stop = new AbortController();
      const running = run([node(`${family()}; setInterval(() => {}, 1000)`)], stop.signal);
      const pids = await familyOf(3);
      stop.abort(new Error('stopped'));
      await assert.rejects(running, /stopped/);
      await assertGone(pids);
    });

    it('do not leave a server behind when they pass', async () => {
      const server =
        "setInterval(() => {}, 1000); require('node:fs').writeFileSync(" +
        JSON.stringify(ids()) +
        ", process.pid + '\\n'); process.send?.('up');";
      const result = await one(
        node(
          `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(server)}], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
           child.on('message', () => process.exit(0));`,
        ),
      );
      assert.equal(result.outcome, 'passed');
      const pids = await written();
      assert.equal(pids.length, 1);
      await assertGone(pids);
    });
  });

  it('starts nothing when the caller gave up before', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await assert.rejects(run([node('require("fs").writeFileSync("ran", "")')], stop.signal), /stopped/);
    assert.deepEqual(await readdir(cwd), []);
  });

  it("reads an output's end from the beginning of a line, and null when it is gone", async () => {
    const file = path.join(folder, 'out');
    await writeFile(file, 'first line\nsecond line\nthird line\n');
    assert.equal(await readOutput(file, 1000), 'first line\nsecond line\nthird line\n');
    assert.equal(await readOutput(file, 15), '... 23 bytes before this ...\nthird line\n');
    assert.equal(await readOutput(path.join(folder, 'gone'), 15), null);
  });

  it('keeps exactly what fits of an output', async () => {
    const file = path.join(folder, 'out');
    const output = await OutputFile.create(file, 8);
    for (const piece of ['abc', 'def', 'gh', 'ijkl']) output.write(Buffer.from(piece));
    await output.close();
    assert.equal(await readFile(file, 'utf8'), 'abcd\n... 4 bytes of output were cut here ...\nijkl');
  });
});
