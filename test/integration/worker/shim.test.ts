import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellShimArgs } from '../../../src/foreman/shellShim.ts';
import { identityOf, isAlive } from '../../../src/system/processIdentity.ts';
import { killTree } from '../../../src/system/processTree.ts';
import { readIfThere } from '../../../src/system/readIfThere.ts';
import { readExit, readStart } from '../../../src/system/spool.ts';
import type { ExitRecord, StartRecord } from '../../../src/system/spool.ts';
import { shimExit } from '../../../src/worker/exitCodes.ts';
import { until } from './until.ts';

const sources = join(import.meta.dirname, '../../../src/worker');
const session = { polecat: 'nux-1', token: 7 };

interface Shim {
  readonly words: string;
  readonly file: string;
  args(spool: string): readonly string[];
}
const onNode: Shim = {
  words: 'on Node',
  file: process.execPath,
  args: (spool) => [join(sources, 'shim.ts'), '--spool', spool, '--session', 'nux-1', '7', '--'],
};
/** Another shell than the system's own: `RIGS_TEST_SHELL='bash --posix'`. */
const [shell = '/bin/sh', ...shellOptions] = (process.env['RIGS_TEST_SHELL'] ?? '/bin/sh').split(' ');
const onShell: Shim = {
  words: 'in a shell',
  file: shell,
  args: (spool) => [
    ...shellOptions,
    ...shellShimArgs(join(sources, 'shim.sh'), spool, session, process.execPath),
  ],
};

for (const shim of process.platform === 'win32' ? [onNode] : [onNode, onShell]) {
  describe(`the shim ${shim.words}`, () => {
    behavesAsShim(shim);
  });
}

function behavesAsShim(shim: Shim): void {
  let folder: string;
  const started: ReturnType<typeof spawn>[] = [];

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs shim ')));
  });

  afterEach(async () => {
    for (const one of started.splice(0)) one.kill('SIGKILL');
    const child = (await readStart(folder, session))?.child ?? null;
    if (child !== null) await killTree(child, 0);
    await rm(folder, { recursive: true });
  });

  function start(script: string, file = process.execPath, env: NodeJS.ProcessEnv = process.env) {
    return startAs([file, '-e', script], env);
  }

  function startAs(
    agent: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
    under: readonly string[] = [],
  ) {
    const [file = '', ...args] = [...under, shim.file, ...shim.args(folder), ...agent];
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    started.push(child);
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    const code = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, code, said: () => said };
  }

  const runs = (): Promise<StartRecord> =>
    until(async () => {
      const record = await readStart(folder, session);
      return record?.child === null ? null : record;
    });
  const ended = (): Promise<ExitRecord> => until(() => readExit(folder, session));
  const waits = 'console.log("up"); setInterval(() => {}, 1000);';

  it("keeps the agent's exit code in the spool and ends quietly, so that the editor raises no alarm", async () => {
    const { code } = start('process.exit(42)');
    assert.equal(await code, shimExit.recorded);
    const { code: kept, signal, startError } = await ended();
    assert.deepEqual({ kept, signal, startError }, { kept: 42, signal: null, startError: null });
  });

  it('says who runs: itself and the agent, each by id and start time', async () => {
    const { child } = start(waits);
    const record = await runs();
    assert.equal(record.shim?.pid, child.pid);
    assert.ok(record.child !== null && (await isAlive(record.child)));
    assert.notEqual(record.child.pid, record.shim?.pid);
  });

  it("gives the agent its own terminal's input and output, and its environment but the editor's variables", async () => {
    const script = `process.stdin.once('data', (d) => { console.log('got ' + d, process.env.GTR_AGENT,
      Object.keys(process.env).filter((n) => n.startsWith('VSCODE_')).length); process.exit(); });`;
    const env = { ...process.env, GTR_AGENT: 'nux', VSCODE_IPC_HOOK: '/x' };
    const { child, code, said } = start(script, process.execPath, env);
    child.stdin.write('hello\n');
    assert.equal(await code, 0);
    assert.match(said(), /got hello\n nux 0/);
  });

  it('starts nothing for a session that was started before, and says so with its exit code', async () => {
    const first = start(waits);
    const { child } = await runs();
    const second = start(`require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'twice'))}, '')`);
    assert.equal(await second.code, shimExit.alreadyStarted);
    assert.match(second.said(), /nothing is started a second time/);
    assert.ok(!existsSync(join(folder, 'twice')));
    assert.ok(child !== null && (await isAlive(child)));
    assert.equal(first.child.exitCode, null);
  });

  it('lets exactly one of many simultaneous starts win', async () => {
    const marks = join(folder, 'marks');
    const script = `require('node:fs').appendFileSync(${JSON.stringify(marks)}, 'x')`;
    const codes = await Promise.all(Array.from({ length: 4 }, () => start(script).code));
    assert.deepEqual(codes.toSorted(), [
      0,
      shimExit.alreadyStarted,
      shimExit.alreadyStarted,
      shimExit.alreadyStarted,
    ]);
    assert.equal(await readFile(marks, 'utf8'), 'x');
  });

  it('names the signal that killed the agent', async () => {
    const { code } = start(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)`);
    assert.equal(await code, shimExit.recorded);
    const { code: kept, signal } = await ended();
    assert.deepEqual({ kept, signal }, { kept: null, signal: 'SIGKILL' });
  });

  for (const name of ['SIGHUP', 'SIGTERM'] as const) {
    it(`passes ${name} on and still keeps how the agent ended`, async () => {
      const { child, said } = start(`process.on('${name}', () => process.exit(5)); ${waits}`);
      await runs();
      await until(() => said().includes('up'));
      // The terminal is gone first: nobody reads, nobody writes.
      child.stdin.destroy();
      child.stdout.destroy();
      child.stderr.destroy();
      child.kill(name);
      assert.equal((await ended()).code, 5);
    });
  }

  it('survives Ctrl+C, which reaches the agent from the terminal itself', async () => {
    const { child, code, said } = start(`process.once('SIGTERM', () => process.exit(6)); ${waits}`);
    await runs();
    await until(() => said().includes('up'));
    child.kill('SIGINT');
    child.kill('SIGQUIT');
    child.kill('SIGTERM');
    assert.equal(await code, shimExit.recorded);
    assert.equal((await ended()).code, 6);
  });

  it('leaves the record of a start behind when it is killed itself, so that the agent is found', async () => {
    const { child } = start(waits);
    const record = await runs();
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    assert.ok(record.shim !== null && !(await isAlive(record.shim)));
    assert.ok(record.child !== null && (await isAlive(record.child)));
    assert.equal(await readExit(folder, session), null);
  });

  it('says that a program is not there', async () => {
    const { code, said } = start('', join(folder, 'no such program'));
    assert.equal(await code, shimExit.notFound);
    assert.equal((await ended()).startError, 'ENOENT');
    assert.match(said(), /could not be started/);
  });

  it('starts nothing when it cannot write its claim', async () => {
    const args = [...shim.args(join(folder, 'missing')), process.execPath, '-e', '1'];
    const child = spawn(shim.file, args, { stdio: 'ignore' });
    assert.equal(await new Promise((resolve) => child.on('exit', resolve)), shimExit.failed);
  });

  it('says that a program may not be run', async () => {
    const file = join(folder, 'plain');
    await writeFile(file, 'no program\n');
    const { code } = startAs([file]);
    assert.equal(await code, shimExit.notRunnable);
    assert.equal((await ended()).startError, 'EACCES');
  });

  it('refuses what names no session', async () => {
    for (const name of ['../x', 'a b', '']) {
      const args = shim.args(folder).map((one) => (one === 'nux-1' ? name : one));
      const child = spawn(shim.file, [...args, process.execPath, '-e', '1'], { stdio: 'ignore' });
      assert.notEqual(await new Promise((resolve) => child.on('exit', resolve)), 0);
    }
    assert.deepEqual(await readdir(folder), []);
  });

  it('gives arguments and environment on unchanged, whatever they hold', async () => {
    const script = `process.stdout.write(JSON.stringify([process.argv.slice(1), names.map((n) => process.env[n])]))`;
    const names = ['token', 'node', 'line', 'PATH', 'LC_ALL', 'HOME', 'name', 'HOSTILE'];
    const hostile = [
      'a b',
      '"q"',
      "'",
      '$(touch x)',
      '`x`',
      '\n',
      'x\ny\n',
      '',
      '*',
      '-n',
      '--',
      '\\',
      '🦀',
      'a=b',
    ];
    const env = {
      ...process.env,
      token: '1',
      node: '2',
      line: ' 3 ',
      LC_ALL: 'C.UTF-8',
      HOSTILE: 'a\nVSCODE_X=$(x)',
    };
    const agent = [
      process.execPath,
      '-e',
      `const names = ${JSON.stringify(names)}; ${script}`,
      '--',
      ...hostile,
    ];
    const { code, said } = startAs(agent, env);
    assert.equal(await code, shimExit.recorded);
    const [args, values] = JSON.parse(said()) as [string[], (string | null)[]];
    assert.deepEqual(args, hostile);
    assert.deepEqual(
      values,
      names.map((name) => (env as NodeJS.ProcessEnv)[name] ?? null),
    );
  });

  it('tells an exit code above 128 from a signal', async () => {
    assert.equal(await start('process.exit(130)').code, shimExit.recorded);
    const { code, signal } = await ended();
    assert.deepEqual({ code, signal }, { code: 130, signal: null });
  });

  describe('that can write nothing', () => {
    /** A file that grows beyond its process's limit fails as one on a full disk, but for the signal. */
    const limited = ['/bin/sh', '-c', `trap '' XFSZ; exec "$@"`, 'sh', 'prlimit'];

    before(function () {
      if (process.platform !== 'linux') this.skip();
    });

    it('stays with its agent when it cannot say who runs', async () => {
      // The claim has room, the record with the agent in it has not.
      const agent = [process.execPath, '-e', 'process.exit(5)'];
      const { code } = startAs(agent, process.env, [...limited, '--fsize=190']);
      assert.equal(await code, shimExit.recorded);
      assert.equal((await ended()).code, 5);
      assert.equal((await readStart(folder, session))?.child, null);
    });

    it('takes no living agent for one that ended', async () => {
      const agent = `let n = 0; process.on('SIGTERM', () => console.log('TERM ' + ++n));
        process.stdin.once('data', () => process.exit(6)); ${waits}`;
      const under = [...limited, '--fsize=unlimited'];
      const { child, said } = startAs([process.execPath, '-e', agent], process.env, under);
      await runs();
      await until(() => said().includes('up'));
      const limitTo = (bytes: string): Promise<unknown> =>
        new Promise((resolve) =>
          spawn('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]).once('exit', resolve),
        );
      assert.equal(await limitTo('0'), 0);
      for (const nth of ['TERM 1', 'TERM 2', 'TERM 3']) {
        child.kill('SIGTERM');
        await until(() => said().includes(nth));
      }
      assert.equal(await limitTo('unlimited'), 0);
      child.stdin.write('end\n');
      assert.equal((await ended()).code, 6);
    });
  });

  it('leaves no draft in the spool', async () => {
    await start('0').code;
    assert.deepEqual((await readdir(folder)).toSorted(), ['nux-1.7.exit.json', 'nux-1.7.start.json']);
  });

  it('is damaged and not unknown when its file is torn', async () => {
    await start('0').code;
    const files = ['nux-1.7.start.json', 'nux-1.7.exit.json'];
    for (const name of files) await writeFile(join(folder, name), '{"polecat":"nux-1","tok');
    await assert.rejects(readExit(folder, session), SyntaxError);
    await assert.rejects(readStart(folder, session), SyntaxError);
    for (const name of files) await rm(join(folder, name));
    assert.equal(await readStart(folder, session), null);
  });

  it('stands aside on a terminal: keys, signals and sizes reach the agent as without it', async function () {
    const agent = join(folder, 'agent');
    // A terminal of its own, and the size set from inside it: the system tells the whole foreground group.
    await writeFile(
      agent,
      [
        '#!/bin/sh',
        "trap 'echo INT' INT; trap 'echo QUIT' QUIT; trap 'echo WINCH' WINCH",
        'tty -s && echo up',
        'read -r line; echo "got $line"',
        'stty rows 33 cols 77; sleep 0.1',
        'until [ -e "$0.go" ]; do sleep 0.05; done',
        'exit 9',
      ].join('\n'),
      { mode: 0o755 },
    );
    const quoted = [shim.file, ...shim.args(folder), agent].map((one) => `'${one}'`).join(' ');
    // In `$SHELL`, which may be one that stays in the foreground group and dies of SIGQUIT: so it makes way.
    const terminal = spawn('script', ['-qefc', `exec ${quoted}`, '/dev/null'], {
      env: { ...process.env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    started.push(terminal);
    const missing = new Promise<boolean>((resolve) => {
      terminal.once('error', () => {
        resolve(true);
      });
      terminal.once('spawn', () => {
        resolve(false);
      });
    });
    // Only util-linux has a `script` of this kind.
    if (process.platform !== 'linux' || (await missing)) this.skip();
    let said = '';
    terminal.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    const says = (words: string): Promise<unknown> => until(() => said.includes(words));
    await says('up');
    await runs();
    terminal.stdin.write('hello\n');
    await says('got hello');
    await says('WINCH');
    terminal.stdin.write('\x03');
    await says('INT');
    terminal.stdin.write('\x1c');
    await says('QUIT');
    terminal.stdin.write('\x1a');
    await writeFile(`${agent}.go`, '');
    assert.equal((await ended()).code, 9);
  });
}

describe('the shim in a shell after a hang-up', () => {
  it('ends an agent that will not end, with everything it started', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'rigs shim ')));
    try {
      const text = await readFile(join(sources, 'shim.sh'), 'utf8');
      const hasty = join(folder, 'hasty.sh');
      await writeFile(hasty, text.replace('s_hang_up_grace=10 ', 's_hang_up_grace=1 '));
      const agent = ['/bin/sh', '-c', `trap '' HUP TERM; sleep 30 & echo $! > "$0"; wait; sleep 30`];
      const args = shellShimArgs(hasty, folder, session, process.execPath);
      const child = spawn(shell, [...shellOptions, ...args, ...agent, join(folder, 'pid')], {
        stdio: 'ignore',
      });
      const pid = await until(async () => Number(await readIfThere(join(folder, 'pid'))) || null);
      await until(async () => (await readStart(folder, session))?.child ?? null);
      child.kill('SIGHUP');
      assert.equal((await until(() => readExit(folder, session))).signal, 'SIGKILL');
      await until(async () => (await identityOf(pid)) === null);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
