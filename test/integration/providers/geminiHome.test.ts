import assert from 'node:assert/strict';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  readdir,
  realpath,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentProgram, AgentTask, Sighting } from '../../../src/ports/agents.ts';
import { GeminiError } from '../../../src/providers/gemini/error.ts';
import { TelemetryTail } from '../../../src/providers/gemini/telemetry.ts';
import { gemini } from '../../../src/providers/gemini/vendor.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { until } from '../worker/until.ts';

describe("An agent's home for Gemini CLI", () => {
  let base = '';
  let persons = '';
  let task: AgentTask;

  beforeEach(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs gemini ')));
    persons = path.join(base, 'person', '.gemini');
    for (const name of ['person/.gemini/commands', 'wt', 'repo', 'agent'])
      await mkdir(path.join(base, name), { recursive: true });
    await person('settings.json', { ui: { theme: 'Dracula' } });
    await person('trustedFolders.json', { [path.join(base, 'repo')]: 'TRUST_FOLDER' });
    task = {
      caller: { polecat: 'nux-1' as PolecatId, token: 3 },
      seat: { runner: 'gemini-cli', provider: 'gemini', tank: 'gemini', model: '' },
      bead: 'gt-00001' as BeadId,
      title: 'A task',
      worktree: path.join(base, 'wt'),
      repository: path.join(base, 'repo'),
      folder: path.join(base, 'agent'),
      conversation: null,
      purpose: 'begin',
      prompt: '--yolo\nDo it',
      env: {
        GEMINI_CLI_HOME: path.join(base, 'person'),
        GEMINI_API_KEY: 'secret-key',
        RIGS_TOKEN: 'a-token',
      },
    };
  });

  afterEach(async () => {
    await rm(base, { recursive: true, force: true });
  });

  const person = (name: string, value: unknown): Promise<void> =>
    writeFile(path.join(persons, name), typeof value === 'string' ? value : JSON.stringify(value));
  const own = (...names: readonly string[]): string =>
    path.join(base, 'agent', 'gemini', 'home', '.gemini', ...names);
  const start = (
    changes: Partial<AgentTask> = {},
    mode: 'ask' | 'edits' | 'bypass' = 'ask',
  ): Promise<AgentProgram> =>
    gemini.start(
      { ...task, ...changes },
      {
        program: '/bin/gemini',
        version: null,
        settings: { enabled: true, command: '', args: ['--debug'], model: 'pro', mode },
        rigs: { bin: '/r', hook: ['/r/rigs', 'agent-hook'], mcp: { file: '/r/mcp', args: [], env: {} } },
      },
    );

  it("has what is the person's as links, and settings and chats of its own", async () => {
    await person('oauth_creds.json', { token: 'theirs' });
    await mkdir(path.join(persons, 'tmp'));
    const before = (await readdir(persons)).toSorted();
    await start();
    for (const name of ['commands', 'oauth_creds.json', 'trustedFolders.json'])
      assert.equal(await readlink(own(name)), path.join(persons, name));
    assert.ok(!(await readdir(own())).includes('tmp'));
    const settings = await readFile(own('settings.json'), 'utf8');
    assert.match(settings, /Dracula/);
    assert.doesNotMatch(settings, /secret-key|a-token/);
    assert.equal((await stat(own('settings.json'))).mode & 0o077, 0);
    assert.deepEqual((await readdir(persons)).toSorted(), before);
  });

  it("keeps a login made in an agent's terminal where the person's others are", async () => {
    await start();
    await writeFile(own('oauth_creds.json'), 'new');
    assert.equal(await readFile(path.join(persons, 'oauth_creds.json'), 'utf8'), 'new');
  });

  it('is brought up to date by the next session', async () => {
    await start();
    await person('settings.json', { ui: { theme: 'Light' } });
    await person('GEMINI.md', 'Be kind');
    await rm(own('google_accounts.json'));
    await writeFile(own('google_accounts.json'), 'put there instead of the link');
    await start();
    assert.match(await readFile(own('settings.json'), 'utf8'), /Light/);
    assert.equal(await readFile(own('GEMINI.md'), 'utf8'), 'Be kind');
    assert.equal(await readlink(own('google_accounts.json')), path.join(persons, 'google_accounts.json'));
  });

  it('is enough for a person who never used it', async () => {
    await rm(persons, { recursive: true });
    await start({ env: { ...task.env, GEMINI_CLI_TRUST_WORKSPACE: 'true' } });
    assert.match(await readFile(own('settings.json'), 'utf8'), /gemini-api-key/);
    await assert.rejects(stat(persons), { code: 'ENOENT' });
  });

  it('is started with the mode the person chose, the model, their arguments and the prompt in one word', async () => {
    const modes = { ask: 'default', edits: 'auto_edit', bypass: 'yolo' } as const;
    for (const mode of ['ask', 'edits', 'bypass'] as const) {
      const { file, args, env } = await start({}, mode);
      assert.equal(file, '/bin/gemini');
      assert.deepEqual(args, [
        '--approval-mode',
        modes[mode],
        '--model',
        'pro',
        '--debug',
        '--prompt-interactive=--yolo\nDo it',
      ]);
      assert.equal(env['GEMINI_CLI_TRUST_WORKSPACE'], 'true');
      assert.equal(env['GEMINI_TELEMETRY_LOG_PROMPTS'], 'false');
    }
  });

  it('goes on with a session it holds, and begins a new one where that is lost', async () => {
    const conversation = '207ad0d4-2a06-4aa0-8b9a-1b51a5df6bb1';
    assert.ok(!(await start({ conversation })).args.includes('--resume'));
    await mkdir(own('tmp', 'wt', 'chats'), { recursive: true });
    const chat = own('tmp', 'wt', 'chats', 'session-2026-11-21T18-12-207ad0d4.jsonl');
    // As one leaves it that was killed before anything was said.
    await writeFile(chat, '{"sessionId":"207ad0d4","startTime":"2026-11-21T18:12:00.000Z"}\n');
    assert.ok(!(await start({ conversation })).args.includes('--resume'));
    await writeFile(chat, '{"sessionId":"207ad0d4"}\n{"id":"1","type":"user","content":"Do it"}\n');
    // It was killed again, just as it went on.
    await writeFile(chat.replace('T18-12', 'T18-13'), '{"sessionId":"207ad0d4"}\n');
    const { args } = await start({ conversation });
    assert.equal(args[args.indexOf('--resume') + 1], conversation);
  });

  it("leaves the person's own telemetry alone", async () => {
    await person('settings.json', { telemetry: { enabled: true, target: 'gcp' } });
    const { env } = await start();
    assert.deepEqual(
      Object.keys(env).filter((name) => name.includes('TELEMETRY')),
      [],
    );
  });

  it('is not made where its hooks would not run, or what the person set cannot be read', async () => {
    const refused = (reason: string): object => ({ name: 'GeminiError', reason });
    await person('settings.json', { hooksConfig: { enabled: false } });
    await assert.rejects(start(), refused('hooks_off'));
    await person('settings.json', '{ "ui": ');
    await assert.rejects(start(), refused('settings'));
    await person('settings.json', {});
    await person('trustedFolders.json', { [base]: 'DO_NOT_TRUST' });
    await assert.rejects(start(), GeminiError);
    assert.deepEqual(await readdir(path.join(base, 'agent')), []);
  });

  it('says which question the program will ask first, and when it was answered', async () => {
    await person('trustedFolders.json', '{}');
    const { args, env } = await start();
    assert.ok(!args.some((one) => one.includes('Do it')));
    assert.equal(env['GEMINI_CLI_TRUST_WORKSPACE'], undefined);
    const seen: Sighting[] = [];
    const over = new AbortController();
    const watching = gemini.watch(task, (one) => seen.push(one), over.signal);
    try {
      await until(() => seen.length > 0);
      await person('trustedFolders.json', '{"/half');
      await new Promise((resolve) => setImmediate(resolve));
      await person('trustedFolders.json', { [path.join(base, 'wt')]: 'TRUST_FOLDER' });
      await until(() => seen.length > 1);
    } finally {
      over.abort();
      await watching;
    }
    assert.deepEqual(
      seen.map((one) => (one.kind === 'doing' ? one.doing.kind : one.kind)),
      ['dialog', 'starting'],
    );
  });

  it('has telemetry that is emptied when it is long, and read on', async () => {
    const file = path.join(base, 'telemetry.json');
    const tail = new TelemetryTail(file, 2_000);
    assert.deepEqual(await tail.read(), []);
    const record = `{\n  "attributes": {\n    "event.name": "gemini_cli.api_response",\n    "event.timestamp": "2026-11-21T18:00:00Z"\n  }\n}\n`;
    for (const times of [1, 30, 1]) {
      await appendFile(file, record.repeat(times));
      assert.equal((await tail.read()).length, times);
      assert.ok((await stat(file)).size <= 2_000);
    }
    await writeFile(file, record);
    assert.equal((await tail.read()).length, 0, 'it is as long as what was read');
    await appendFile(file, record);
    assert.equal((await tail.read()).length, 1);
  });
});
