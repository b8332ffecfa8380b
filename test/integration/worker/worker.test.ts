import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Door } from '../../../src/gateway/server.ts';
import { type Desk, DeskError } from '../../../src/ports/desk.ts';
import { printCommand } from '../../../src/system/commandLine.ts';
import { startTimeOf } from '../../../src/system/processIdentity.ts';
import type { Usage } from '../../../src/town/bead.ts';
import { fakeDesk, nux, rigFolder, task } from '../gateway/fixtures.ts';
import type { Rig } from '../gateway/fixtures.ts';
import { scriptedModel } from './scriptedModel.ts';
import type { ScriptedModel, Turn } from './scriptedModel.ts';
import { until } from './until.ts';

const main = join(import.meta.dirname, '../../../src/worker/main.ts');
const apiKey = 'key-that-nobody-may-see';

const node = (script: string): Turn => ({
  tools: [{ name: 'run', input: { command: process.execPath, args: ['-e', script] } }],
});
const lineOf = (script: string): string => printCommand(process.execPath, ['-e', script]);
const done: Turn = { tools: [{ name: 'done', input: { summary: 'Added it.' } }] };

describe('the worker', () => {
  let rig: Rig;
  let worktree: string;
  let secret: string;
  let model: ScriptedModel | null = null;
  let door: Door | null = null;
  const children: ReturnType<typeof spawn>[] = [];

  beforeEach(async () => {
    rig = await rigFolder();
    secret = await rig.tokens.issue(nux);
    worktree = join(rig.folder, 'tree');
    await mkdir(worktree);
    await writeFile(join(worktree, 'a.txt'), 'one\ntwo\n');
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await door?.close();
    await model?.close();
    await rm(rig.folder, { recursive: true });
  });

  async function open(
    address: string,
    own: Partial<Desk> = {},
    allowed: readonly string[] = [],
  ): Promise<void> {
    const access = {
      provider: 'rehearsal',
      wire: 'anthropic' as const,
      model: 'scripted',
      baseUrl: address,
      apiKey,
    };
    const transcript = join(rig.folder, 'transcripts', 'nux.jsonl');
    const given = { ...task, worktree, access, allowed, transcript };
    door = await rig.open(fakeDesk({ task: () => Promise.resolve(given), ...own }));
  }

  async function start(script: readonly Turn[], own: Partial<Desk> = {}, allowed: readonly string[] = []) {
    model = await scriptedModel(script);
    await open(model.address, own, allowed);
    const env = {
      ...process.env,
      RIGS_HOME: rig.home,
      RIGS_TOKEN: secret,
      ANTHROPIC_API_KEY: apiKey,
      NODE_NO_WARNINGS: '1',
    };
    const child = spawn(process.execPath, [main], { cwd: worktree, env, stdio: 'pipe' });
    children.push(child);
    let said = '';
    child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
    child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
    const code = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, code, said: () => said, asked: model.asked };
  }

  const transcript = () => readFile(join(rig.folder, 'transcripts', 'nux.jsonl'), 'utf8');

  it('carries a task from its frame to an accepted done', async () => {
    const told: string[] = [];
    const usage: Usage[] = [];
    const script: readonly Turn[] = [
      { say: 'I look first.', tools: [{ name: 'read', input: { path: 'a.txt' } }] },
      { tools: [{ name: 'edit', input: { path: 'a.txt', find: 'two', replace: '2' } }] },
      done,
    ];
    const { code, said, asked } = await start(script, {
      done: (_caller, summary) => {
        told.push(summary);
        return Promise.resolve({ accepted: true, message: 'Proven on commit 1234.', goOn: false });
      },
      usage: (_caller, total) => Promise.resolve(void usage.push(total)),
    });
    assert.equal(await code, 0, said());
    assert.equal(await readFile(join(worktree, 'a.txt'), 'utf8'), 'one\n2\n');
    assert.deepEqual(told, ['Added it.']);
    assert.match(asked[0] ?? '', /Add a parser\./);
    assert.match(asked[1] ?? '', /one\\ntwo/);
    assert.deepEqual(usage.at(-1), { input: 300, cachedInput: 60, output: 90 });
    for (const words of [
      'gt-aaaaa  Add a parser',
      'REHEARSAL',
      'I look first.',
      '> edit a.txt',
      '+1 −1',
      'Proven on commit 1234.',
    ])
      assert.ok(said().includes(words), `${words}\n${said()}`);
  });

  it('keeps the transcript as one JSON a line', async () => {
    const { code } = await start([
      { say: 'Hello.', tools: [{ name: 'read', input: { path: 'a.txt' } }] },
      done,
    ]);
    await code;
    const lines = (await transcript())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; at: number });
    assert.deepEqual(
      lines.map(({ kind }) => kind),
      [
        'begin',
        'step',
        'text',
        'tokens',
        'tool',
        'result',
        'step',
        'tokens',
        'tool',
        'note',
        'result',
        'end',
      ],
    );
    assert.ok(lines.every(({ at }) => typeof at === 'number'));
  });

  it('tells the model what is missing when done is refused, and goes on until it is accepted', async () => {
    let tries = 0;
    const refuseOnce = () => {
      tries += 1;
      return Promise.resolve(
        tries === 1
          ? { accepted: false, message: 'Check test failed: 3 of 9.', goOn: true }
          : { accepted: true, message: 'Proven.', goOn: false },
      );
    };
    const { code, asked } = await start([done, done], { done: refuseOnce });
    assert.equal(await code, 0);
    assert.equal(tries, 2);
    assert.match(asked[1] ?? '', /3 of 9/);
    assert.match(asked[1] ?? '', /"is_error":true/);
  });

  it('runs what is allowed without asking, and asks for everything else exactly once', async () => {
    const asks: string[] = [];
    const free = 'console.log("free")';
    const asking = 'console.log("asked")';
    const { code, asked } = await start(
      [node(free), node(asking), done],
      {
        permission: (_caller, ask, tool, detail) => {
          assert.match(ask, /^ak-[0-9a-z]{5}$/);
          asks.push(`${tool}: ${detail}`);
          return Promise.resolve('allow');
        },
      },
      [lineOf(free)],
    );
    assert.equal(await code, 0);
    assert.deepEqual(asks, [`run: ${lineOf(asking)}`]);
    assert.match(asked[2] ?? '', /asked/);
  });

  it('answers a comment of a review, and tells the model what is no comment of its own', async () => {
    const said: unknown[] = [];
    const comment = (id: string): Turn => ({
      tools: [{ name: 'comment', input: { id, words: 'It is 60 now.', resolve: true } }],
    });
    const { code, asked } = await start([comment('rt-12345'), comment('rt-99999'), done], {
      comment: (_caller, _id, answer) => {
        if (answer.thread === 'rt-99999')
          return Promise.reject(new DeskError('invalid', 'There is no such comment here.'));
        said.push(answer);
        return Promise.resolve();
      },
    });
    assert.equal(await code, 0);
    assert.deepEqual(said, [{ thread: 'rt-12345', words: 'It is 60 now.', resolve: true }]);
    assert.match(asked[1] ?? '', /Resolved\./);
    assert.match(asked[2] ?? '', /There is no such comment/);
  });

  it('does not run what a person denies, and tells the model so', async () => {
    const mark = join(worktree, 'ran');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`;
    const { code, asked } = await start([node(script), done], { permission: () => Promise.resolve('deny') });
    assert.equal(await code, 0);
    assert.ok(!existsSync(mark));
    assert.match(asked[1] ?? '', /The person said no/);
  });

  it('gives a command neither its token nor a key, and shows none of them anywhere', async () => {
    const script = 'console.log(JSON.stringify(process.env))';
    const { code, said, asked } = await start([node(script), { say: `The key is ${apiKey}.`, ...done }], {}, [
      lineOf(script),
    ]);
    assert.equal(await code, 0);
    assert.match(asked[1] ?? '', /PATH/);
    assert.ok(!(asked[1] ?? '').includes(secret) && !(asked[1] ?? '').includes(apiKey));
    const kept = await transcript();
    assert.ok(!kept.includes(secret) && !kept.includes(apiKey));
    assert.ok(!said().includes(secret) && !said().includes(apiKey));
  });

  it('hears what a person types into the terminal', async () => {
    let answer: (allow: 'allow') => void = () => undefined;
    const { child, code, said, asked } = await start([node('1'), done], {
      permission: () => new Promise((resolve) => (answer = resolve)),
    });
    await until(() => said().includes('Needs You'));
    child.stdin.write('please use tabs\u001b[2J\n');
    await until(() => said().includes('you: please use tabs'));
    answer('allow');
    assert.equal(await code, 0);
    assert.match(asked[1] ?? '', /typed: please use tabs"/);
  });

  it('stops at Ctrl+C in the middle of an answer, with its work kept', async () => {
    const script: readonly Turn[] = [
      { tools: [{ name: 'write', input: { path: 'b.txt', content: 'kept' } }] },
      { say: 'I think and think', hang: true },
    ];
    const { child, code, said } = await start(script);
    await until(() => model?.asked.length === 2 && said().includes('+1'));
    child.kill('SIGINT');
    assert.equal(await code, 130);
    assert.match(said(), /Stopped\. The work is kept\./);
    assert.equal(await readFile(join(worktree, 'b.txt'), 'utf8'), 'kept');
  });

  for (const [name, exitCode] of [
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGHUP', 129],
    ['SIGTERM', 143],
  ] as const)
    it(`ends a running command with all it started at ${name}`, async () => {
      const file = join(rig.folder, 'pid');
      const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
      const { child, code } = await start([node(script)], {}, [lineOf(script)]);
      const pid = Number(await until(async () => (existsSync(file) ? await readFile(file, 'utf8') : null)));
      child.kill(name);
      assert.equal(await code, exitCode);
      assert.equal(await startTimeOf(pid), null);
    });

  it('is not asked twice to end when one closed terminal hangs up twice', async function () {
    if (process.platform === 'win32') this.skip();
    const [up, told] = [join(rig.folder, 'up'), join(rig.folder, 'told')];
    const mark = (file: string): string => `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`;
    const script = `process.on('SIGTERM', () => ${mark(told)}); setInterval(() => {}, 1000); ${mark(up)}`;
    const { child, code, said } = await start([node(script)], {}, [lineOf(script)]);
    await until(() => existsSync(up));
    child.kill('SIGHUP');
    await until(() => existsSync(told));
    child.kill('SIGHUP');
    assert.equal(await code, 129);
    assert.match(said(), /Stopped\. The work is kept\./);
  });

  it('goes on when its tokens cannot be reported, and ends when its session was taken over', async () => {
    let tries = 0;
    const usage = () => {
      tries += 1;
      return Promise.reject(
        tries === 1 ? new Error('a mistake of ours') : new DeskError('late', 'Taken over.'),
      );
    };
    const read: Turn = { tools: [{ name: 'read', input: { path: 'a.txt' } }] };
    const { code, said } = await start([read, read, done], { usage });
    assert.equal(await code, 69);
    assert.match(said(), /the work goes on\.[^]*Taken over\./);
  });

  it('does not ask a person about a command nobody could read', async () => {
    const { code, asked } = await start([node(`"${'x'.repeat(30_000)}"`), done]);
    assert.equal(await code, 0);
    assert.match(asked[1] ?? '', /too long for a person/);
  });

  it('waits for a permission over the reload of a window', async () => {
    let asked = 0;
    const { code, said } = await start([node('console.log("ran")'), done], {
      permission: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    await until(() => asked === 1);
    await door?.close();
    await open(model?.address ?? '');
    assert.equal(await code, 0, said());
    assert.match(said(), /Allowed\./);
  });

  it('ends with words when its session was taken over', async () => {
    const late = new DeskError('late', 'A newer session took over.');
    const { code, said } = await start([], { task: () => Promise.reject(late) });
    assert.equal(await code, 69);
    assert.match(said(), /A newer session took over\./);
  });
});
