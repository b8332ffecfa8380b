/**
 * One session of the real Claude Code on a terminal of its own, as a polecat's shim would run it, against a wire: its
 * hooks are answered here, and what it shows of itself is collected.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textFrom } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type {
  AgentMode,
  AgentSession,
  AgentTask,
  HookAnswer,
  HookQuestion,
  Sighting,
} from '../../../src/ports/agents.ts';
import { claudeCode } from '../../../src/providers/claude/agent.ts';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import type { AgentHomes } from '../../harness/agentHomes.ts';
import { ensureAgents } from '../../harness/agents.ts';
import { answersTo, onTerminal } from '../../harness/terminalProgram.ts';

export const repositoryIn = (base: string): string => join(base, 'words');
export const worktreeIn = (base: string): string => join(base, 'words.rigs', 'nux');

/** A checkout with one linked worktree, as polecats have them. */
export async function makeWorktree(base: string): Promise<void> {
  const cwd = repositoryIn(base);
  await mkdir(cwd, { recursive: true });
  const git = (...args: readonly string[]): Promise<unknown> => promisify(execFile)('git', args, { cwd });
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'A person');
  await git('config', 'user.email', 'person@example.invalid');
  await git('commit', '-q', '--allow-empty', '-m', 'Begin');
  await git('worktree', 'add', '-q', '-b', 'polecat/nux/gt-00001', worktreeIn(base));
}

type Decide = (question: HookQuestion) => HookAnswer;

/** Stands where the door would: passes each hook's words to the vendor, and its answer back. */
export class HookDoor {
  readonly events: string[] = [];
  readonly sightings: Sighting[] = [];
  readonly questions: HookQuestion[] = [];
  decide: Decide = () => ({ kind: 'nothing' });
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void textFrom(request).then((body) => {
        response.end(this.#hear((request.url ?? '').slice(1), body));
      });
    });
  }

  async open(base: string): Promise<RigsProgram> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
    const script = join(base, "a person's $(hook).mjs");
    await writeFile(
      script,
      `let body = ''; for await (const piece of process.stdin) body += piece;
const reply = await fetch('${url}' + process.argv.at(-1), { method: 'POST', body });
process.stdout.write(await reply.text());\n`,
    );
    const mcp = join(base, 'mcp.mjs');
    await writeFile(mcp, mcpServer);
    return {
      bin: base,
      hook: [process.execPath, script, 'agent-hook'],
      mcp: { file: process.execPath, args: [mcp], env: { RIGS_TEST: 'yes' } },
    };
  }

  forget(): void {
    for (const list of [this.events, this.sightings, this.questions]) list.length = 0;
    this.decide = () => ({ kind: 'nothing' });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #hear(event: string, body: string): string {
    const meaning = claudeCode.hook(event, body);
    const { sightings, question } = meaning;
    if (event !== 'statusLine') this.events.push(event);
    this.sightings.push(...sightings);
    if (question === null) return meaning.print({ kind: 'nothing' });
    this.questions.push(question);
    return meaning.print(this.decide(question));
  }
}

/** Answers with the variables it was given. */
const mcpServer = `import { createInterface } from 'node:readline';
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize')
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'rigs', version: '1' } });
  else if (method === 'tools/list')
    say(id, { tools: [{ name: 'rigs_done', description: 'Done', inputSchema: { type: 'object', properties: {} } }] });
  else if (method === 'tools/call')
    say(id, { content: [{ type: 'text', text: [process.env.RIGS_TEST, process.env.RIGS_TOKEN].join(' ') }] });
  else if (id !== undefined) say(id, {});
}
`;

export interface SessionWishes {
  readonly prompt: string;
  readonly mode?: AgentMode;
  readonly conversation?: string;
}

export class ClaudeSession {
  readonly seen: Sighting[] = [];
  /** What it drew, for a failed test to show. */
  screen = '';
  readonly #child: ChildProcess;
  readonly #watching: Promise<void>;
  readonly #over = new AbortController();

  private constructor(child: ChildProcess, session: AgentSession) {
    this.#child = child;
    child.stdout?.on('data', (piece: Buffer) => {
      this.screen += piece.toString();
      child.stdin?.write(answersTo(piece.toString()));
    });
    this.#watching = claudeCode.watch(session, (one) => this.seen.push(one), this.#over.signal);
  }

  static async start(
    base: string,
    homes: AgentHomes,
    rigs: RigsProgram,
    { prompt, mode = 'ask', conversation }: SessionWishes,
  ): Promise<ClaudeSession> {
    const env = { ...homes.env, RIGS_TOKEN: 'a-token', TERM: 'xterm-256color', SHELL: '/bin/sh' };
    const task: AgentTask = {
      caller: { polecat: 'nux-1' as PolecatId, token: 1 },
      seat: { runner: 'claude-code', provider: 'claude', tank: 'claude', model: '' },
      bead: 'gt-00001' as BeadId,
      title: 'A task',
      worktree: worktreeIn(base),
      repository: repositoryIn(base),
      folder: await mkdtemp(join(base, 'agent-')),
      conversation: conversation ?? null,
      purpose: 'begin',
      prompt,
      env,
    };
    const {
      file,
      args,
      without = [],
    } = await claudeCode.start(task, {
      program: (await ensureAgents()).claude,
      version: null,
      settings: { enabled: true, command: '', args: [], model: '', mode },
      rigs,
    });
    const terminal = onTerminal({ file, args });
    const child = spawn(terminal.file, [...terminal.args], {
      cwd: task.worktree,
      env: { ...process.env, ...Object.fromEntries(without.map((name) => [name, undefined])), ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    return new ClaudeSession(child, task);
  }

  /** Polled, because files and hooks tell of it in their own time. */
  async until(what: string, holds: () => boolean, atMostMs = 40_000): Promise<void> {
    const end = Date.now() + atMostMs;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(
          `${what} did not come to pass.\n${JSON.stringify(this.seen)}\n${this.screen.slice(-3_000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As the foreman ends it, or as a crash does; resolves with its exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.#over.abort();
    await this.#watching;
    const { pid, exitCode } = this.#child;
    if (exitCode !== null || pid === undefined) return exitCode;
    const closed = once(this.#child, 'close') as Promise<[number | null]>;
    await signalBelow(pid, signal);
    return (await closed)[0];
  }
}

/** Below `script` stands the program itself, in a session of its own. */
async function signalBelow(pid: number, signal: NodeJS.Signals): Promise<void> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  for (const one of children
    .trim()
    .split(' ')
    .filter((word) => word !== ''))
    process.kill(Number(one), signal);
}
