/**
 * One session of the real Codex in a terminal of its own (`script`), as a polecat's shim would run it, against a wire:
 * its hooks are answered here, what it shows of itself is collected.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textFrom } from 'node:stream/consumers';
import type { AgentMode, AgentSession, AgentTask, HookAnswer, Sighting } from '../../../src/ports/agents.ts';
import { codex } from '../../../src/providers/codex/codex.ts';
import { hooksOf, reviewOf } from '../../../src/providers/codex/hooks.ts';
import type { RigsProgram } from '../../../src/providers/vendor.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import type { AgentHomes } from '../../harness/agentHomes.ts';

export const repositoryIn = (base: string): string => join(base, 'repo');
export const worktreeIn = (base: string): string => join(base, 'wt');

export interface Asked {
  readonly event: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SessionWishes {
  readonly prompt: string;
  readonly mode?: AgentMode;
  readonly conversation?: string;
  readonly args?: readonly string[];
  /** What the town would say; by default nothing. */
  readonly answer?: (question: string, asked: Asked) => HookAnswer;
}

/** A checkout with one linked worktree, as polecats have them. */
export async function makeWorktree(base: string): Promise<void> {
  const repository = repositoryIn(base);
  await mkdir(repository, { recursive: true });
  const git = (...args: readonly string[]): Promise<string> => run('git', args, repository);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'A person');
  await git('config', 'user.email', 'person@example.invalid');
  await git('commit', '-q', '--allow-empty', '-m', 'Begin');
  await git('worktree', 'add', '-q', '-b', 'polecat/nux/gt-00001', worktreeIn(base));
}

export async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [out, [code]] = await Promise.all([textFrom(child.stdout), closed]);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${String(code)}.`);
  return out.trim();
}

/** Who stands where the door would: passes each hook's words to the vendor, and its answer back. */
export class HookDoor {
  readonly asked: Asked[] = [];
  readonly sightings: Sighting[] = [];
  answer: NonNullable<SessionWishes['answer']> = () => ({ kind: 'nothing' });
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void textFrom(request).then((body) => {
        const event = (request.url ?? '').slice(1);
        const meaning = codex.hook(event, body);
        const { sightings, question } = meaning;
        this.sightings.push(...sightings);
        const asked = { event, body: JSON.parse(body) as Asked['body'] };
        this.asked.push(asked);
        response.end(
          meaning.print(question === null ? { kind: 'nothing' } : this.answer(question.kind, asked)),
        );
      });
    });
  }

  async open(base: string): Promise<RigsProgram> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/`;
    const script = join(base, "a person's hook.mjs");
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
      hook: [process.execPath, script],
      mcp: { file: process.execPath, args: [mcp], env: { RIGS_TEST: 'yes' } },
    };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Answers with the variables it was given, which is what Codex holds back. */
const mcpServer = `import { createInterface } from 'node:readline';
const say = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
const { RIGS_TEST, RIGS_TOKEN, RIGS_HOME } = process.env;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize')
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'rigs', version: '1' } });
  else if (method === 'tools/list')
    say(id, { tools: [{ name: 'rigs_done', description: 'Done', inputSchema: { type: 'object', properties: {} } }] });
  else if (method === 'tools/call')
    say(id, { content: [{ type: 'text', text: [RIGS_TEST, RIGS_TOKEN, RIGS_HOME].join(' ') }] });
  else if (id !== undefined) say(id, {});
}
`;

/** As if a person had answered "Trust all and continue" before. */
export async function reviewHooks(homes: AgentHomes, rigs: RigsProgram): Promise<void> {
  const file = join(homes.codex, 'config.toml');
  const states = hooksOf(rigs).map(reviewOf);
  const tables = states.map(
    ({ key, hash }) => `\n[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "${hash}"\n`,
  );
  await writeFile(file, (await readFile(file, 'utf8')) + tables.join(''));
}

export class CodexSession {
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
    });
    this.#watching = codex.watch(session, (one) => this.seen.push(one), this.#over.signal);
  }

  static async start(
    base: string,
    homes: AgentHomes,
    rigs: RigsProgram,
    wishes: SessionWishes,
  ): Promise<CodexSession> {
    const folder = await mkdtemp(join(base, 'agent-'));
    const { prompt, mode = 'ask', conversation = null, args = [] } = wishes;
    const env = {
      ...homes.env,
      RIGS_HOME: join(base, 'home'),
      RIGS_TOKEN: 'a-token',
      TERM: 'xterm-256color',
    };
    const task: AgentTask = {
      caller: { polecat: 'nux-1' as PolecatId, token: 1 },
      seat: { runner: 'codex', provider: 'codex', tank: 'codex', model: '' },
      bead: 'gt-00001' as BeadId,
      title: 'A task',
      worktree: worktreeIn(base),
      repository: repositoryIn(base),
      folder,
      conversation,
      purpose: 'begin',
      prompt,
      env,
    };
    const program = await codex.start(task, {
      program: join(homes.env['PATH']?.split(':').find((one) => one.includes('codex')) ?? '', 'codex'),
      version: null,
      settings: { enabled: true, command: '', args, model: '', mode },
      rigs,
    });
    const line = [program.file, ...program.args].map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(' ');
    const child = spawn('script', ['-qefc', `stty cols 120 rows 40; exec ${line}`, '/dev/null'], {
      cwd: task.worktree,
      env: { ...process.env, ...env, ...program.env },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    return new CodexSession(child, task);
  }

  /** Polled, because files and hooks tell of it in their own time. */
  async until(what: string, holds: () => boolean, atMostMs = 20_000): Promise<void> {
    const end = Date.now() + atMostMs;
    while (!holds()) {
      if (Date.now() > end)
        throw new Error(
          `${what} did not come to pass.\n${JSON.stringify(this.seen)}\n${this.screen.slice(-3000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As a person does, one key at a time. */
  type(key: string): void {
    this.#child.stdin?.write(key);
  }

  doing(): readonly string[] {
    return this.seen.flatMap((one) => (one.kind === 'doing' ? [one.doing.kind] : []));
  }

  /** As the foreman ends it, if nothing else is said; resolves with its exit code. */
  async end(how: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#over.abort();
    await this.#watching;
    const { pid, exitCode } = this.#child;
    if (exitCode !== null || pid === undefined) return exitCode;
    const closed = once(this.#child, 'close');
    await signalBelow(pid, how);
    const [code] = (await closed) as [number | null];
    return code;
  }
}

/** Below `script` stands the program itself, in a session of its own. */
async function signalBelow(pid: number, how: NodeJS.Signals): Promise<void> {
  const children = (await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')).trim();
  for (const one of children.split(' ').filter((word) => word !== '')) process.kill(Number(one), how);
}

export async function removeFolder(base: string): Promise<void> {
  await rm(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
