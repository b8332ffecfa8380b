/** A vendor's real program on a terminal of its own, as a polecat's shim would run it, and what is seen of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AgentProgram, AgentTask, Sighting } from '../../../src/ports/agents.ts';
import type { Vendor, VendorStart } from '../../../src/providers/vendor.ts';
import { answering, onTerminal } from '../../harness/terminalProgram.ts';

const display = { TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: '/bin/sh' };

export class TerminalSession {
  readonly seen: Sighting[] = [];
  /** What it drew, for a failed test to show. */
  screen = '';
  readonly #child: ChildProcess;
  readonly #closed: Promise<readonly [number | null]>;
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;

  private constructor(vendor: Vendor, task: AgentTask, { file, args, env, without = [] }: AgentProgram) {
    const terminal = onTerminal({ file, args });
    const child = spawn(terminal.file, [...terminal.args], {
      cwd: task.worktree,
      env: {
        ...process.env,
        ...Object.fromEntries(without.map((name) => [name, undefined])),
        ...display,
        ...task.env,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.#child = child;
    this.#closed = once(child, 'close') as Promise<[number | null]>;
    const answers = answering();
    child.stdout.on('data', (piece: Buffer) => {
      this.screen += piece.toString();
      child.stdin.write(answers(piece.toString()));
    });
    // What is typed to one that ended goes nowhere.
    child.stdin.on('error', () => undefined);
    this.#watching = vendor.watch(task, (one) => this.seen.push(one), this.#over.signal);
  }

  static async start(
    vendor: Vendor,
    task: AgentTask,
    how: VendorStart,
    change: (program: AgentProgram) => AgentProgram = (program) => program,
  ): Promise<TerminalSession> {
    return new TerminalSession(vendor, task, change(await vendor.start(task, how)));
  }

  /** What its files said it does. */
  doing(): readonly string[] {
    return this.seen.flatMap((one) => (one.kind === 'doing' ? [one.doing.kind] : []));
  }

  /**
   * Polled, because files and hooks tell of it in their own time. Resolves with what was found. On a machine with ten
   * times too much to do, Gemini CLI was seen to need 40 s for its start and first two hooks.
   */
  async until<T>(what: string, look: () => T | Promise<T>, atMostMs = 80_000): Promise<NonNullable<T>> {
    const end = Date.now() + atMostMs;
    for (;;) {
      const found = await look();
      if (found !== false && found !== null && found !== undefined) return found;
      if (Date.now() > end)
        throw new Error(
          `${what} did not come to pass.\n${JSON.stringify(this.seen)}\n${this.screen.slice(-3_000)}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As a person does, one key at a time. */
  type(key: string): void {
    this.#child.stdin?.write(key);
  }

  /** As the foreman ends it, or as a crash does; resolves with its exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const { pid, exitCode } = this.#child;
    if (exitCode === null && pid !== undefined) await signalBelow(pid, signal);
    return this.ended();
  }

  /** Resolves with its exit code once it has ended by itself. */
  async ended(): Promise<number | null> {
    let open = true;
    const closed = this.#closed.finally(() => (open = false));
    await this.until('its end', () => !open);
    this.#over.abort();
    await this.#watching;
    return (await closed)[0];
  }
}

/** Below `script` stands the program itself, in a session of its own. */
async function signalBelow(pid: number, signal: NodeJS.Signals): Promise<void> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  for (const one of children.split(' ').filter((word) => /^\d+$/.test(word)))
    process.kill(Number(one), signal);
}
