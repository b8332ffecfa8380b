import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentProgram, AgentTask } from '../../../src/ports/agents.ts';
import type { DoneReply } from '../../../src/ports/desk.ts';
import { readCustom } from '../../../src/providers/custom/definition.ts';
import { customVendor } from '../../../src/providers/custom/vendor.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { prepareHome } from '../../../src/gateway/home.ts';
import { onTerminal } from '../../harness/terminalProgram.ts';
import { fakeDesk, nux, rigFolder } from '../gateway/fixtures.ts';
import { until } from '../worker/until.ts';

const launcher: AgentProgram = {
  file: process.execPath,
  args: [path.join(import.meta.dirname, '../../../src/worker/thenDone.ts')],
  env: { ELECTRON_RUN_AS_NODE: '1' },
};
const hostile = `--version "x" 'y' \${title} $(touch pwned) \`id\`\nsecond line`;

describe("An agent of a person's own", function () {
  this.timeout(20_000);
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rigs custom '));
    await mkdir(path.join(folder, 'wt'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function program(definition: object, ...script: readonly string[]): Promise<AgentProgram> {
    const file = path.join(folder, 'agent.sh');
    await writeFile(file, ['#!/bin/sh', ...script, ''].join('\n'), { mode: 0o755 });
    const agent = readCustom({ name: 'mine', command: file, ...definition });
    assert.ok('prompt' in agent, JSON.stringify(agent));
    const task: AgentTask = {
      caller: { polecat: 'nux-1' as PolecatId, token: 1 },
      seat: { runner: 'mine', provider: 'mine', tank: 'mine', model: '' },
      bead: 'gt-00001' as BeadId,
      title: `A "title" \${prompt}`,
      worktree: path.join(folder, 'wt'),
      repository: path.join(folder, 'repo'),
      folder: path.join(folder, 'own'),
      conversation: null,
      purpose: 'begin',
      prompt: hostile,
      env: {},
    };
    const settings = { enabled: true, command: '', args: [], model: '', mode: 'ask' as const };
    const rigs = { bin: '', hook: [], mcp: { file: '', args: [], env: {} } };
    return customVendor(agent, launcher).start(task, { program: file, version: null, settings, rigs });
  }

  function run({ file, args, env }: AgentProgram, door: object = {}): ChildProcess {
    return spawn(file, [...args], {
      cwd: path.join(folder, 'wt'),
      env: { ...process.env, ...env, RIGS_HOME: path.join(folder, 'home'), RIGS_TOKEN: 'a-token', ...door },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function ended(child: ChildProcess): Promise<readonly [number | null, NodeJS.Signals | null]> {
    child.stdout?.resume();
    return (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  }

  const seen = (): Promise<string> => readFile(path.join(folder, 'seen'), 'utf8');

  it('gets its task word for word in an argument, a variable and a file', async () => {
    const definition = {
      args: ['-p', '${prompt}', '--file=${promptFile}', '${bead}', '${title}'],
      env: { TITLE: 'It is ${title}' },
    };
    const script = [`{ printf '%s|' "$@"; cat "\${3#--file=}"; printf '|%s' "$TITLE"; } > '${folder}/seen'`];
    assert.deepEqual(await ended(run(await program(definition, ...script))), [0, null]);
    const file = path.join(folder, 'own', 'task.md');
    assert.equal(
      await seen(),
      `-p|${hostile}|--file=${file}|gt-00001|A "title" \${prompt}|${hostile}|It is A "title" \${prompt}`,
    );
  });

  it('can read its task from its standard input, and its exit code stays its own', async () => {
    const child = run(await program({ prompt: 'stdin' }, `cat > '${folder}/seen'`, 'exit 7'));
    assert.deepEqual(await ended(child), [7, null]);
    assert.equal(await seen(), hostile);
  });

  it('that ends well has said done, and one that does not has said nothing', async () => {
    const rig = await rigFolder();
    await prepareHome(rig.home);
    const said: string[] = [];
    const done = (_caller: unknown, summary: string): Promise<DoneReply> => {
      said.push(summary);
      return Promise.resolve({ accepted: true, message: 'Proven.', goOn: false });
    };
    const open = await rig.open(fakeDesk({ done }));
    const door = { RIGS_HOME: rig.home, RIGS_TOKEN: await rig.tokens.issue(nux) };
    try {
      // It may say something itself before: the launcher takes nothing from its environment.
      const failed = run(await program({ done: 'exit' }, 'exit 1'), door);
      assert.deepEqual(await ended(failed), [1, null]);
      assert.deepEqual(said, []);
      const child = run(await program({ done: 'exit' }, `printf %s "$RIGS_TOKEN" > '${folder}/seen'`), door);
      let printed = '';
      child.stderr?.on('data', (piece: Buffer) => (printed += piece.toString()));
      assert.deepEqual(await ended(child), [0, null]);
      assert.equal(await seen(), door.RIGS_TOKEN);
      assert.deepEqual(said, ['mine ended with exit code 0.']);
      assert.match(printed, /Proven\./);
    } finally {
      await open.close();
      await rm(rig.folder, { recursive: true });
    }
  });

  it('whose done is not accepted ends with a code of its own, which no agent can say itself', async () => {
    const rig = await rigFolder();
    await prepareHome(rig.home);
    const reply: DoneReply = { accepted: false, message: 'The check "test" fails.', goOn: true };
    const open = await rig.open(fakeDesk({ done: () => Promise.resolve(reply) }));
    const door = { RIGS_HOME: rig.home, RIGS_TOKEN: await rig.tokens.issue(nux) };
    try {
      assert.deepEqual(await ended(run(await program({ done: 'exit' }, 'exit 0'), door)), [76, null]);
      assert.deepEqual(await ended(run(await program({ done: 'exit' }, 'exit 76'), door)), [1, null]);
    } finally {
      await open.close();
      await rm(rig.folder, { recursive: true });
    }
  });

  it('has the terminal to itself, and nothing in its environment that belongs to its launcher', async () => {
    const script = [`{ tty; env; } > '${folder}/seen'`, 'exit 3'];
    const wrapped = await program({ done: 'exit' }, ...script);
    const child = run({ ...wrapped, ...onTerminal(wrapped) });
    assert.equal((await ended(child))[0], 3);
    assert.match(await seen(), /^\/dev\//);
    assert.match(await seen(), /^RIGS_TOKEN=a-token$/m);
    assert.doesNotMatch(await seen(), /ELECTRON_RUN_AS_NODE/);
  });

  it('is ended by what ends its launcher', async () => {
    const child = run(await program({ done: 'exit' }, `echo $$ > '${folder}/seen'`, 'exec sleep 60'));
    const pid = Number(await until(() => seen().catch(() => null)));
    child.kill('SIGTERM');
    assert.deepEqual(await ended(child), [143, null]);
    assert.throws(() => process.kill(pid, 0));
  });

  it('that is not there says so as a shell would', async () => {
    const wrapped = await program({ done: 'exit' });
    await rm(path.join(folder, 'agent.sh'));
    assert.equal((await ended(run(wrapped)))[0], 127);
  });
});
