import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Broker } from '../../../src/git/brokered.ts';
import { type StartProgram, startHere } from '../../../src/git/running.ts';
import { type RunGit, createRunGit } from '../../../src/git/run.ts';
import { GitError } from '../../../src/ports/git.ts';
import { identityOf } from '../../../src/system/processIdentity.ts';
import { until } from '../worker/until.ts';

const script = path.resolve(import.meta.dirname, '../../../src/git/broker.ts');
const parts = { execPath: process.execPath, script, env: process.env };

describe('git', () => {
  let folder: string;
  /** Stands for git where git itself would not do on purpose what is asked. */
  let actor: string;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs broker ')));
    actor = path.join(folder, 'actor');
    await writeFile(actor, '#!/bin/sh\nshift\ncase "$1" in\n' + deeds + 'esac\n');
    await chmod(actor, 0o755);
  });
  after(async () => {
    if (process.platform !== 'win32') await rm(folder, { recursive: true });
  });

  const deeds = `
    echo) cat; echo words >&2; exit 3 ;;
    much) head -c 3000000 /dev/zero ;;
    endless) echo $$ > pid; sleep 60 & echo $! > child; cat /dev/zero ;;
    wait) echo $$ > pid; sleep 60 ;;
    hold) sleep 60 & echo $! > child; echo $$ > pid; wait ;;
    slow) sleep 0.1; echo done ;;
    meet) : > "$2/$$"; while [ "$(ls "$2" | wc -l)" -lt 8 ]; do sleep 0.02; done; echo met ;;
  `;
  const pidIn = async (name: string): Promise<number> => {
    let pid = 0;
    await until(async () => {
      pid = Number(await readFile(path.join(folder, name), 'utf8').catch(() => ''));
      return pid > 0;
    });
    return pid;
  };
  const gone = async (pid: number): Promise<void> => {
    await until(async () => (await identityOf(pid)) === null);
  };

  const starters: readonly (readonly [words: string, start: () => StartProgram])[] = [
    ['in this process', () => startHere],
    ['in its broker', () => new Broker(parts).start],
  ];
  for (const [words, startOf] of starters) {
    describe(`run ${words}`, () => {
      let git: RunGit;
      let played: RunGit;
      before(() => {
        const start = startOf();
        git = createRunGit('git', start);
        played = createRunGit(actor, start);
      });
      beforeEach(async () => {
        await rm(path.join(folder, 'pid'), { force: true });
        await rm(path.join(folder, 'child'), { force: true });
      });

      it('gives what it printed, what it complained, and its exit code', async () => {
        const input = 'a\n\0🦀'.repeat(50_000);
        const ran = await played(['echo'], { cwd: folder, input, answers: [3] });
        assert.deepEqual([ran.code, ran.stderr, ran.cut], [3, 'words\n', false]);
        assert.equal(ran.stdout.toString(), input);
      });

      it('gives arguments on unchanged, whatever they hold', async () => {
        const args = ['rev-parse', '--sq-quote', 'a b', '"$(x)"', "'", '', '--', '-x', '\n', '🦀'];
        const { stdout } = await git(args, { cwd: folder });
        assert.equal(stdout.toString(), ` 'a b' '"$(x)"' ''\\''' '' '--' '-x' '\n' '🦀'\n`);
      });

      it('gives much output whole', async () => {
        const { stdout } = await played(['much'], { cwd: folder });
        assert.equal(stdout.length, 3_000_000);
      });

      it('cuts what is too much and ends what printed it, with what that started', async () => {
        const ran = await played(['endless'], { cwd: folder, maxBytes: 100_000 });
        assert.deepEqual([ran.cut, ran.stdout.length], [true, 100_000]);
        await gone(await pidIn('pid'));
        await gone(await pidIn('child'));
      });

      it('ends when nobody wants it any more', async () => {
        const stop = new AbortController();
        const ran = played(['wait'], { cwd: folder, signal: stop.signal });
        const pid = await pidIn('pid');
        stop.abort(new Error('not wanted'));
        await assert.rejects(ran, /not wanted/);
        await gone(pid);
      });

      it('says that there is no such program, and no such folder', async () => {
        const nowhere = createRunGit(path.join(folder, 'none'), startOf());
        await assert.rejects(nowhere(['x'], { cwd: folder }), (error) => GitError.is(error, 'git_missing'));
        await assert.rejects(git(['x'], { cwd: path.join(folder, 'none') }), /There is no folder/);
      });

      it('works at several calls at once', async () => {
        const room = await mkdtemp(path.join(folder, 'room '));
        const all = await Promise.all(
          Array.from({ length: 8 }, () => played(['meet', room], { cwd: folder })),
        );
        assert.ok(all.every((one) => one.stdout.toString() === 'met\n'));
      });
    });
  }

  describe('in a broker that ends', () => {
    const endOf = async (broker: Broker): Promise<void> => {
      const { pid } = broker;
      assert.ok(pid !== null);
      process.kill(pid, 'SIGKILL');
      await until(() => broker.pid !== pid);
    };

    it('is said to have failed when it had been begun', async () => {
      const broker = new Broker(parts);
      const ran = createRunGit(actor, broker.start)(['wait'], { cwd: folder });
      const failed = assert.rejects(ran, (error) => GitError.is(error, 'failed'));
      const pid = await pidIn('pid');
      await endOf(broker);
      await failed;
      process.kill(pid);
    });

    it('is begun by the next one when it had not been', async () => {
      const broker = new Broker(parts);
      const ran = createRunGit(actor, broker.start)(['slow'], { cwd: folder });
      await endOf(broker);
      assert.equal((await ran).stdout.toString(), 'done\n');
    });

    it('goes on in a new one afterwards', async () => {
      const broker = new Broker(parts);
      const git = createRunGit(actor, broker.start);
      for (let round = 0; round < 3; round += 1) {
        assert.equal((await git(['slow'], { cwd: folder })).stdout.toString(), 'done\n');
        await endOf(broker);
      }
    });

    it('runs in this process where no broker will live', async () => {
      for (const broken of [
        { script: path.join(folder, 'none.cjs') },
        { execPath: path.join(folder, 'none') },
      ]) {
        const broker = new Broker({ ...parts, ...broken });
        const git = createRunGit(actor, broker.start);
        assert.equal((await git(['slow'], { cwd: folder })).stdout.toString(), 'done\n');
        assert.equal(broker.pid, null);
      }
    });
  });

  it('has no git left in its broker when its host is killed, nor what that started', async () => {
    for (const name of ['pid', 'child']) await rm(path.join(folder, name), { force: true });
    const program = `
      const { Broker } = await import(${JSON.stringify(path.resolve(script, '../brokered.ts'))});
      const broker = new Broker(${JSON.stringify({ execPath: process.execPath, script, env: {} })});
      const call = ${JSON.stringify({ file: actor, args: ['--no-pager', 'hold'], cwd: folder, env: { PATH: process.env['PATH'] }, input: '' })};
      await broker.start(call, { output: () => undefined, words: () => undefined }).ended;`;
    const host = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const pids = [await pidIn('pid'), await pidIn('child')];
    host.kill('SIGKILL');
    for (const pid of pids) await gone(pid);
  });

  it('has no broker left when its host ends, however it ends', async () => {
    const program = `
      const { Broker } = await import(${JSON.stringify(path.resolve(script, '../brokered.ts'))});
      const broker = new Broker(${JSON.stringify({ execPath: process.execPath, script, env: {} })});
      const call = { file: 'git', args: ['--version'], cwd: '/', env: {}, input: '' };
      await broker.start(call, { output: () => undefined, words: () => undefined }).ended;
      console.log(broker.pid);
      if (process.argv[1] === 'stay') setInterval(() => 0, 1000);`;
    for (const how of ['leave', 'stay']) {
      const host = spawn(process.execPath, ['--input-type=module', '-e', program, how], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = await new Promise<number>((resolve) =>
        host.stdout.once('data', (text: Buffer) => {
          resolve(Number(text));
        }),
      );
      assert.ok(pid > 0);
      if (how === 'stay') host.kill('SIGKILL');
      await gone(pid);
    }
  });
});
