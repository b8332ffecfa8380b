/**
 * Sessions of the real Gemini CLI on a terminal (`script`), as a polecat's shim would run them, against a wire. Hooks are
 * answered by a script from a file, and leave what they said in another.
 */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentProgram, AgentTask, HookAnswer, Sighting } from '../../../src/ports/agents.ts';
import { gemini } from '../../../src/providers/gemini/vendor.ts';
import type { VendorStart } from '../../../src/providers/vendor.ts';
import type { Doing } from '../../../src/town/polecat.ts';
import { type AgentHomes, makeAgentHomes } from '../../harness/agentHomes.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { bench } from '../../harness/places.ts';
import { type Turn, type Wire, startWire } from '../../harness/wire/wire.ts';
import { readIfThere } from '../../../src/system/readIfThere.ts';
import { until } from '../worker/until.ts';
import { mcpServer } from './hookDoor.ts';
import { makeWorktree, repositoryIn, taskIn } from './polecatTask.ts';
import { TerminalSession } from './terminalSession.ts';

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
    await makeWorktree(base);
    await writeFile(join(base, 'hook.mjs'), hookScript(base));
    await writeFile(join(base, 'mcp.mjs'), mcpServer);
    const wire = await startWire();
    const homes = await makeAgentHomes({ wire, trusted: [repositoryIn(base)] });
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
    const task = await taskIn(this.base, this.homes, {
      seat: { runner: 'gemini-cli', provider: 'gemini', tank: 'gemini', model: '' },
      folder: join(this.base, 'agent'),
      prompt: 'Say hello',
      ...changes,
    });
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
    const terminal = await TerminalSession.start(gemini, task, how, withoutTemporary);
    return new GeminiSession(this, terminal);
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

/** The bench's folder is so deep that sockets of the program's own would find no room in one of its. */
function withoutTemporary(program: AgentProgram): AgentProgram {
  const { TMPDIR: _, ...env } = program.env;
  return { ...program, env };
}

export class GeminiSession {
  readonly #bench: GeminiBench;
  readonly terminal: TerminalSession;

  constructor(bench: GeminiBench, terminal: TerminalSession) {
    this.#bench = bench;
    this.terminal = terminal;
  }

  get seen(): readonly Sighting[] {
    return this.terminal.seen;
  }

  /**
   * Presses Enter where the screen shows a word, and again when nothing came of it: a dialog hears keys a moment after it
   * is shown. Not faster: a second Enter in the question for trust keeps the program from ending.
   */
  async enter(word: string, came: () => Promise<boolean> | boolean): Promise<void> {
    await this.terminal.until(word, () => this.terminal.screen.includes(word));
    for (let press = 0; press < 5; press += 1) {
      await sleep(1_000);
      this.terminal.type('\r');
      if (await until(came, 12_000).catch(() => false)) return;
    }
    throw new Error(`Nobody heard Enter.\n${this.terminal.screen.slice(-3_000)}`);
  }

  /** The first of its hooks or its files that said so. */
  until(kind: string): Promise<Doing> {
    return this.terminal.until(kind, async () => {
      const heard = (await this.#bench.heard()).flatMap(({ sightings }) => sightings);
      const doings = [...heard, ...this.seen].flatMap((one) => (one.kind === 'doing' ? [one.doing] : []));
      return doings.find((one) => one.kind === kind);
    });
  }
}
