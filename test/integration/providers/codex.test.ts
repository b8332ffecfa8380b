import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sighting } from '../../../src/ports/agents.ts';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { outsideTemp } from '../../harness/places.ts';
import { type ToolCall, type Turn, type Wire, startWire } from '../../harness/wire/wire.ts';
import { codex as vendor } from '../../../src/providers/codex/codex.ts';
import { hooksOf, reviewOf } from '../../../src/providers/codex/hooks.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { HookDoor } from './hookDoor.ts';
import { makeWorktree, repositoryIn, run, taskIn, worktreeIn } from './polecatTask.ts';
import { TerminalSession } from './terminalSession.ts';

/** Calls as gpt-5.5 makes them; newer models write JavaScript that makes the same ones. */
const runs = (cmd: string, more: object = {}): ToolCall => ({
  name: 'exec_command',
  input: { cmd, ...more },
});
const leaves = (cmd: string): ToolCall =>
  runs(cmd, { sandbox_permissions: 'require_escalated', justification: 'Why not' });

describe('Codex in a terminal', function () {
  this.timeout(150_000);
  let base: string;
  let wire: Wire;
  let homes: AgentHomes;
  let rigs: RigsProgram;
  let door: HookDoor;
  const open: TerminalSession[] = [];

  before(async function () {
    this.timeout(300_000);
    await mkdir(outsideTemp, { recursive: true });
    base = await realpath(await mkdtemp(join(outsideTemp, 'codex-')));
    await makeWorktree(base);
    wire = await startWire();
    // The repository alone: its worktrees must need no trust of their own.
    homes = await makeAgentHomes({
      wire,
      trusted: [repositoryIn(base)],
      codexSettings: 'model = "gpt-5.5"\n[notice.model_migrations]\n"gpt-5.5" = "gpt-6-sol"\n',
    });
    door = new HookDoor(vendor);
    rigs = await door.open(base);
    await reviewHooks();
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
    await rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  /** As if a person had answered "Trust all and continue" before. */
  async function reviewHooks(): Promise<void> {
    const tables = hooksOf(rigs)
      .map(reviewOf)
      .map(({ key, hash }) => `\n[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "${hash}"\n`);
    await appendFile(join(homes.codex, 'config.toml'), tables.join(''));
  }

  async function session(
    turns: readonly Turn[],
    wishes: { readonly prompt: string; readonly conversation?: string },
    hooks: RigsProgram = rigs,
  ): Promise<TerminalSession> {
    wire.queue('codex', turns);
    const seat = { runner: 'codex', provider: 'codex', tank: 'codex', model: '' };
    const task = await taskIn(base, homes, { seat, ...wishes });
    const started = await TerminalSession.start(vendor, task, {
      program: (await ensureAgents()).codex,
      version: null,
      settings: { enabled: true, command: '', args: [], model: '', mode: 'ask' },
      rigs: hooks,
    });
    open.push(started);
    return started;
  }

  function conversation(from: readonly Sighting[]): string {
    const [found] = from.flatMap((one) => (one.kind === 'conversation' ? [one.id] : []));
    assert.ok(found !== undefined);
    return found;
  }

  const results = (): string => wire.requests('codex').at(-1)?.results.join('\n') ?? '';

  it('commits in its worktree inside the sandbox, calls Rigs, and is told to go on once', async () => {
    let ends = 0;
    door.decide = ({ kind }) =>
      kind === 'turnEnd' && (ends += 1) === 1
        ? { kind: 'goOn', message: 'Call done first.' }
        : { kind: 'nothing' };
    const commit =
      'echo one > one.txt && git add . && git commit -qm One; touch ../../words/.git/config ../outside';
    const prompt = '--title "x" $(touch pwned)\nsecond line';
    const codex = await session(
      [
        { tools: [runs(commit)] },
        { tools: [{ name: 'rigs_done', namespace: 'mcp__rigs', input: {} }] },
        { text: 'First end' },
        { text: 'Second end' },
      ],
      { prompt },
    );
    await codex.until('its end', () => codex.doing().includes('idle'));
    assert.equal(await run('git', ['log', '-1', '--format=%s'], worktreeIn(base)), 'One');
    assert.match(
      results(),
      /cannot touch '\.\.\/\.\.\/words\/\.git\/config'[^]*cannot touch '\.\.\/outside'/,
    );
    assert.match(results(), new RegExp(`yes a-token ${join(base, 'home')}`));
    assert.deepEqual(door.events, [
      'SessionStart',
      'UserPromptSubmit',
      'PostToolUse',
      'PostToolUse',
      'Stop',
      'Stop',
    ]);
    assert.ok(door.sightings.some((one) => one.kind === 'heard' && one.text === prompt));
    assert.equal(conversation(codex.seen), conversation(door.sightings));
    assert.deepEqual(codex.doing(), ['working', 'idle']);
    assert.equal(await codex.end(), 143);
  });

  it('asks before a command that leaves the sandbox, and obeys both answers', async () => {
    door.decide = (question) => {
      if (question.kind !== 'permission') return { kind: 'nothing' };
      return question.detail.includes('denied') ? { kind: 'deny', message: 'Not this.' } : { kind: 'allow' };
    };
    const codex = await session(
      [{ tools: [leaves('touch ../denied')] }, { tools: [leaves('touch ../allowed')] }, { text: 'Over' }],
      { prompt: 'Go' },
    );
    await codex.until('its end', () => codex.doing().includes('idle'));
    assert.match(results(), /Not this\./);
    // Its files tell of the end as well, and may do so before its last hook has spoken.
    await codex.until('what was allowed', () => door.sightings.some(({ kind }) => kind === 'settled'));
    const settled = door.sightings.filter(({ kind }) => kind === 'settled');
    assert.deepEqual(settled, [{ kind: 'settled', tool: 'run', detail: 'touch ../allowed' }]);
    assert.deepEqual((await readdir(join(base, 'words.rigs'))).toSorted(), ['allowed', 'nux']);
  });

  it('goes on in its conversation after it was killed, says its usage once, and its limit with its reset', async () => {
    const first = await session(
      [{ text: 'Remember the number 7.', usage: { input: 60, cached: 40, output: 20 } }],
      { prompt: 'Begin' },
    );
    await first.until('its end', () => first.doing().includes('idle'));
    const id = conversation(first.seen);
    await first.end('SIGKILL');

    const before = door.sightings.length;
    const resets = Math.floor(Date.now() / 1000) + 3600;
    const headers = {
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(resets),
    };
    const error = { type: 'usage_limit_reached', message: 'Limit', plan_type: 'plus', resets_at: resets };
    const second = await session(
      [
        { tools: [runs('true')], usage: { input: 1, cached: 2, output: 3 } },
        { status: 429, headers, body: { error } },
      ],
      { prompt: 'Go on', conversation: id },
    );
    await second.until('its limit', () => second.doing().includes('limited'));
    assert.equal(conversation(door.sightings.slice(before)), id);
    assert.ok(wire.requests('codex').some(({ said, answered }) => answered > 0 && said.includes('Go on')));
    const usages = second.seen.flatMap((one) => (one.kind === 'usage' ? [one.usage] : []));
    assert.deepEqual(usages.at(-1), { input: 1, cachedInput: 2, output: 3 });
    const limited = second.seen.find((one) => one.kind === 'doing' && one.doing.kind === 'limited');
    assert.ok(limited?.kind === 'doing' && limited.doing.until === resets * 1000);
    assert.ok(
      second.seen.some(
        (one) => one.kind === 'reading' && one.reading.gauge === '5h' && one.reading.used === 1,
      ),
    );
  });

  it('is said to stand at a dialog until a person has reviewed its hooks, and reaches nothing beyond the wire', async () => {
    const changed = { ...rigs, hook: [...rigs.hook, '--'] };
    const codex = await session([{ text: 'Here I am.' }], { prompt: 'Go' }, changed);
    await codex.until('the dialog', () => codex.doing().includes('dialog'));
    const detail = 'Hooks need review';
    assert.deepEqual(codex.seen, [{ kind: 'doing', doing: { kind: 'dialog', until: null, detail } }]);
    assert.match(codex.screen, /hooks are new or changed/);
    assert.equal(door.events.length, 0);
    codex.type('2');
    codex.type('\r');
    await codex.until('its end', () => codex.doing().includes('idle'));
    assert.ok(door.events.includes('Stop'));
    assert.deepEqual(
      [...new Set(wire.wanted)].filter((one) => !one.includes('raw.githubusercontent.com')),
      [],
    );
  });
});
