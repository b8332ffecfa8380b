/**
 * Sessions of the real Gemini CLI on a terminal (`script`), as a polecat's shim would run them, against a wire. Hooks are
 * answered by a script from a file, and leave what they said in another.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentTask, HookAnswer, Sighting } from '../../../src/ports/agents.ts';
import { gemini } from '../../../src/providers/gemini/vendor.ts';
import type { VendorStart } from '../../../src/providers/vendor.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { bench } from '../../harness/places.ts';
import { answersTo, onTerminal } from '../../harness/terminalProgram.ts';
import { type Turn, type Wire, startWire } from '../../harness/wire/wire.ts';
import { readIfThere } from '../../../src/system/readIfThere.ts';
import { until } from '../worker/until.ts';

export interface Heard {
  readonly event: string;
  readonly sightings: readonly Sighting[];
}

const hooks = join(import.meta.dirname, '../../../src/providers/gemini/hooks.ts');

/** Each event is answered by the first of its answers that is left. */
const hookScript = (folder: string): string => `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { hook } from ${JSON.stringify(hooks)};
const event = process.argv.at(-1);
const meaning = hook(event, await text(process.stdin));
const file = ${JSON.stringify(join(folder, 'answers.json'))};
const answers = JSON.parse(readFileSync(file, 'utf8'));
const answer = answers[event]?.shift() ?? { kind: 'nothing' };
// Two may run at once: who takes nothing writes nothing.
if (answer.kind !== 'nothing') writeFileSync(file, JSON.stringify(answers));
appendFileSync(${JSON.stringify(join(folder, 'heard.jsonl'))}, JSON.stringify({ event, sightings: meaning.sightings }) + '\\n');
process.stdout.write(meaning.print(answer));
`;

/** Says which token it was given. */
const mcpScript = `
import { createInterface } from 'node:readline';
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  if (method === 'initialize')
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'rigs', version: '1' } });
  else if (method === 'tools/list') say(id, { tools: [{ name: 'rigs_note', description: 'Note', inputSchema: { type: 'object', properties: {} } }] });
  else if (method === 'tools/call') say(id, { content: [{ type: 'text', text: 'noted under ' + process.env.RIGS_TOKEN }] });
  else say(id, {});
}
`;

/** A repository with a worktree, a wire, and a person with Gemini CLI. */
export class GeminiBench {
  readonly base: string;
  readonly wire: Wire;
  readonly homes: AgentHomes;
  readonly #program: string;

  private constructor(base: string, wire: Wire, homes: AgentHomes, program: string) {
    this.base = base;
    this.wire = wire;
    this.homes = homes;
    this.#program = program;
  }

  static async open(): Promise<GeminiBench> {
    await mkdir(bench, { recursive: true });
    const base = await realpath(await mkdtemp(join(bench, 'gemini-')));
    for (const name of ['repo', 'wt', 'agent']) await mkdir(join(base, name));
    await writeFile(join(base, 'hook.mjs'), hookScript(base));
    await writeFile(join(base, 'mcp.mjs'), mcpScript);
    const wire = await startWire();
    const homes = await makeAgentHomes({ wire, trusted: [join(base, 'repo')] });
    return new GeminiBench(base, wire, homes, (await ensureAgents()).gemini);
  }

  async close(): Promise<void> {
    await this.wire.close();
    await this.homes.remove();
    await rm(this.base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async start(
    turns: readonly Turn[],
    changes: Partial<AgentTask> = {},
    answers: Readonly<Record<string, readonly HookAnswer[]>> = {},
  ): Promise<GeminiSession> {
    this.wire.queue('gemini', turns);
    await writeFile(join(this.base, 'answers.json'), JSON.stringify(answers));
    await writeFile(join(this.base, 'heard.jsonl'), '');
    const env = { ...this.homes.env, RIGS_HOME: '/nowhere', RIGS_TOKEN: 'a-token', COLORTERM: 'truecolor' };
    const task: AgentTask = {
      caller: { polecat: 'nux-1' as PolecatId, token: 1 },
      seat: { runner: 'gemini-cli', provider: 'gemini', tank: 'gemini', model: '' },
      bead: 'gt-00001' as BeadId,
      title: 'A task',
      worktree: join(this.base, 'wt'),
      repository: join(this.base, 'repo'),
      folder: join(this.base, 'agent'),
      conversation: null,
      purpose: 'begin',
      prompt: 'Say hello',
      env,
      ...changes,
    };
    const how: VendorStart = {
      program: this.#program,
      version: null,
      settings: { enabled: true, command: '', args: [], model: '', mode: 'ask' },
      rigs: {
        bin: this.base,
        hook: [process.execPath, '--disable-warning=ExperimentalWarning', join(this.base, 'hook.mjs')],
        mcp: { file: process.execPath, args: [join(this.base, 'mcp.mjs')], env: {} },
      },
    };
    const program = await gemini.start(task, how);
    const { file, args } = onTerminal(program);
    const { TMPDIR: _, ...ours } = program.env;
    const child = spawn(file, [...args], {
      cwd: task.worktree,
      env: { ...process.env, TERM: 'xterm-256color', ...env, ...ours },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new GeminiSession(this, task, child);
  }

  async heard(): Promise<readonly Heard[]> {
    const text = (await readIfThere(join(this.base, 'heard.jsonl'))) ?? '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Heard);
  }

  /** Everything in the person's own folder, to see whether it stayed as it was. */
  async person(): Promise<string> {
    const folder = join(this.homes.gemini, '.gemini');
    const files = ['settings.json', 'trustedFolders.json'].map((name) =>
      readFile(join(folder, name), 'utf8'),
    );
    return (await Promise.all(files)).join('');
  }
}

export class GeminiSession {
  readonly seen: Sighting[] = [];
  screen = '';
  readonly #bench: GeminiBench;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;

  constructor(bench: GeminiBench, task: AgentTask, child: ChildProcess) {
    this.#bench = bench;
    this.#child = child;
    this.#closed = once(child, 'close');
    child.stdout?.on('data', (piece: Buffer) => {
      this.screen += piece.toString();
      child.stdin?.write(answersTo(piece.toString()));
    });
    this.#watching = gemini.watch(task, (one) => this.seen.push(one), this.#over.signal);
  }

  /**
   * Presses Enter where the screen shows a word, and again when nothing came of it: a dialog hears keys a moment after it
   * is shown. Not faster: a second Enter in the question for trust keeps the program from ending.
   */
  async enter(word: string, came: () => Promise<boolean> | boolean): Promise<void> {
    await until(() => this.screen.includes(word), 45_000);
    for (let press = 0; press < 5; press += 1) {
      await sleep(1_000);
      this.#child.stdin?.write('\r');
      if (await until(came, 12_000).catch(() => false)) return;
    }
    throw new Error(`Nobody heard Enter.\n${this.screen.slice(-3_000)}`);
  }

  /** What its hooks and its files said it does. */
  async doing(): Promise<readonly Sighting[]> {
    const heard = (await this.#bench.heard()).flatMap(({ sightings }) => sightings);
    return [...heard, ...this.seen].filter((one) => one.kind === 'doing');
  }

  async until(kind: string): Promise<Extract<Sighting, { kind: 'doing' }>['doing']> {
    try {
      return await until(async () => {
        for (const one of await this.doing())
          if (one.kind === 'doing' && one.doing.kind === kind) return one.doing;
        return null;
      }, 45_000);
    } catch (error) {
      throw new Error(
        `${kind} did not come to pass.\n${JSON.stringify(this.seen)}\n${this.screen.slice(-3_000)}`,
        {
          cause: error,
        },
      );
    }
  }

  async #tooLong(ms: number): Promise<never> {
    await sleep(ms, undefined, { ref: false });
    throw new Error(`It did not end.\n${this.screen.slice(-3_000)}`);
  }

  /** As the foreman ends it, by SIGTERM; its exit code. */
  async end(): Promise<number | null> {
    const below = `/proc/${String(this.#child.pid)}/task/${String(this.#child.pid)}/children`;
    for (const pid of ((await readIfThere(below)) ?? '').split(' ').filter((one) => /^\d+$/.test(one)))
      process.kill(Number(pid), 'SIGTERM');
    return this.ended();
  }

  async ended(): Promise<number | null> {
    await Promise.race([this.#closed, this.#tooLong(40_000)]);
    this.#over.abort();
    await this.#watching;
    return this.#child.exitCode;
  }
}
