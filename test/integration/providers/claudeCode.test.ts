import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sighting } from '../../../src/ports/agents.ts';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { bench } from '../../harness/places.ts';
import { type Play, type ToolCall, type Turn, type Wire, startWire } from '../../harness/wire/wire.ts';
import { claudeCode } from '../../../src/providers/claude/agent.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { HookDoor } from './hookDoor.ts';
import { makeWorktree, repositoryIn, taskIn, worktreeIn } from './polecatTask.ts';
import { TerminalSession } from './terminalSession.ts';

const runs = (command: string): ToolCall => ({ name: 'Bash', input: { command, description: 'A step' } });

describe('Claude Code in a terminal', function () {
  this.timeout(150_000);
  let base: string;
  let wire: Wire;
  let homes: AgentHomes;
  let rigs: RigsProgram;
  let door: HookDoor;
  const open: TerminalSession[] = [];

  before(async function () {
    this.timeout(300_000);
    // `script` of util-linux gives it a terminal, and /proc the process below that.
    if (process.platform !== 'linux') this.skip();
    await mkdir(bench, { recursive: true });
    base = await realpath(await mkdtemp(join(bench, 'claude-')));
    await makeWorktree(base);
    wire = await startWire();
    // The repository alone: its worktrees must need no trust of their own.
    homes = await makeAgentHomes({ wire, trusted: [repositoryIn(base)] });
    door = new HookDoor(claudeCode);
    rigs = await door.open(base);
  });

  beforeEach(() => {
    door.forget();
  });

  afterEach(async () => {
    for (const one of open.splice(0)) await one.end();
  });

  after(async () => {
    door.close();
    await wire.close();
    await homes.remove();
    await rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  });

  async function session(
    turns: readonly Turn[] | Play,
    wishes: { readonly prompt: string; readonly conversation?: string },
    home: AgentHomes = homes,
  ): Promise<TerminalSession> {
    wire.queue('claude', turns);
    const seat = { runner: 'claude-code', provider: 'claude', tank: 'claude', model: '' };
    const task = await taskIn(base, home, { seat, ...wishes });
    const started = await TerminalSession.start(claudeCode, task, {
      program: (await ensureAgents()).claude,
      version: null,
      settings: { enabled: true, command: '', args: [], model: '', mode: 'ask' },
      rigs,
    });
    open.push(started);
    return started;
  }

  const outputs = (seen: readonly Sighting[]): readonly number[] =>
    seen.flatMap((one) => (one.kind === 'usage' ? [one.usage.output] : []));
  const results = (): readonly string[] => wire.requests('claude').at(-1)?.results ?? [];

  it('carries out its task, calls Rigs without asking, hears of it, and is told once to go on', async () => {
    let ends = 0;
    door.decide = ({ kind }) => {
      if (kind === 'ear') return { kind: 'tell', message: 'Your person says: use tabs.' };
      return kind === 'turnEnd' && (ends += 1) === 1
        ? { kind: 'goOn', message: 'Call done first.' }
        : { kind: 'nothing' };
    };
    const prompt = '--resume "x" $(touch pwned)\nsecond line';
    const claude = await session(
      [
        { tools: [{ name: 'mcp__rigs__rigs_done', input: {} }], usage: { output: 20 } },
        { text: 'First end', usage: { output: 30 } },
        { text: 'Second end', usage: { output: 40 } },
      ],
      { prompt },
    );
    await claude.until('its second end', () => door.events.filter((one) => one === 'Stop').length === 2);
    await claude.until('its usage', () => outputs(claude.seen).at(-1) === 90);
    assert.deepEqual(door.events, ['SessionStart', 'UserPromptSubmit', 'PostToolBatch', 'Stop', 'Stop']);
    assert.ok(door.sightings.some((one) => one.kind === 'heard' && one.text === prompt));
    assert.deepEqual(results(), [`yes a-token ${join(base, 'home')}`]);
    const heard = JSON.stringify(wire.requests('claude').at(-1)?.body);
    assert.match(heard, /use tabs/);
    assert.match(heard, /Call done first/);
    assert.equal(await claude.end(), 143);
  });

  it('asks for leave beside its own dialog, and obeys both answers', async () => {
    door.decide = (question) => {
      if (question.kind !== 'permission') return { kind: 'nothing' };
      return question.detail.includes('denied') ? { kind: 'deny', message: 'Not this.' } : { kind: 'allow' };
    };
    const file = join(worktreeIn(base), 'notes.txt');
    const claude = await session(
      [
        { tools: [runs('touch denied')] },
        { tools: [{ name: 'Write', input: { file_path: file, content: 'one\n' } }] },
        { text: 'Over' },
      ],
      { prompt: 'Go' },
    );
    await claude.until('its end', () => door.events.includes('Stop'));
    assert.deepEqual(
      door.questions.flatMap((one) => (one.kind === 'permission' ? [[one.tool, one.detail]] : [])),
      [
        ['run', 'touch denied'],
        ['Write', `${file}\n\none\n`],
      ],
    );
    const settled = door.sightings.flatMap((one) => (one.kind === 'settled' ? [one.detail] : []));
    assert.deepEqual(settled, ['touch denied', `${file}\n\none\n`]);
    assert.match(results()[0] ?? '', /Not this\./);
    const made = await readdir(worktreeIn(base));
    assert.deepEqual([made.includes('notes.txt'), made.includes('denied')], [true, false]);
  });

  it('goes on in its conversation after it was killed, and its usage begins anew', async () => {
    const first = await session([{ text: 'I keep the number 7.', usage: { output: 50 } }], {
      prompt: 'Begin',
    });
    // Its hook comes before its words are written down, and what is not is lost with it.
    await first.until('its words', () => outputs(first.seen).at(-1) === 50);
    await first.end('SIGKILL');
    const conversation = door.sightings.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []))[0];
    assert.ok(conversation !== undefined);
    door.forget();
    const second = await session([{ text: 'It was 7.', usage: { output: 6 } }], {
      prompt: 'Which number?',
      conversation,
    });
    await second.until('its end', () => door.events.includes('Stop'));
    await second.until('its usage', () => outputs(second.seen).length > 0);
    assert.match(JSON.stringify(wire.requests('claude').at(-1)?.body), /I keep the number 7/);
    assert.ok(door.sightings.some((one) => one.kind === 'conversation' && one.id === conversation));
    assert.deepEqual(outputs(second.seen), [6]);
  });

  it('tells its windows and, at its limit, until when it waits', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const at = (status: string, used: string): Record<string, string> => ({
      status,
      reset: String(now + 7_200),
      '5h-status': status,
      '5h-reset': String(now + 7_200),
      '5h-utilization': used,
      '7d-status': 'allowed',
      '7d-reset': String(now + 400_000),
      '7d-utilization': '0.11',
      'representative-claim': 'five_hour',
      'overage-status': 'rejected',
    });
    const headers = (status: string, used: string): Record<string, string> =>
      Object.fromEntries(
        Object.entries(at(status, used)).map(([name, said]) => [`anthropic-ratelimit-unified-${name}`, said]),
      );
    const subscriber = await makeAgentHomes({ wire, trusted: [repositoryIn(base)], claude: 'subscription' });
    try {
      const works = {
        tools: [{ name: 'mcp__rigs__rigs_done', input: {} }],
        headers: headers('allowed', '0.42'),
      };
      const limit = { status: 429, headers: { ...headers('rejected', '1.0'), 'retry-after': '7200' } };
      const told = (): boolean => door.sightings.some(({ kind }) => kind === 'reading');
      let limited = false;
      // Its status line tells its windows while it works, and not behind the dialog that the limit opens.
      const claude = await session(() => (limited ? limit : works), { prompt: 'Go' }, subscriber);
      await claude.until('its windows', told);
      limited = true;
      await claude.until('its limit', () => claude.doing().includes('limited'));
      const doings = claude.seen.flatMap((one) => (one.kind === 'doing' ? [one.doing] : []));
      assert.deepEqual([doings.length, doings[0]?.until], [1, (now + 7_200) * 1_000]);
      assert.match(doings[0]?.detail ?? '', /hit your .*limit/);
      const gauge = door.sightings.find((one) => one.kind === 'reading' && one.reading.gauge === '5h');
      assert.ok(gauge?.kind === 'reading');
      assert.ok((gauge.reading.used ?? 0) >= 0.42);
      assert.equal(gauge.reading.resetsAt, (now + 7_200) * 1_000);
      await claude.end();
    } finally {
      await subscriber.remove();
    }
  });

  it('reaches nothing but the wire', () => {
    assert.deepEqual(wire.wanted, []);
  });
});
