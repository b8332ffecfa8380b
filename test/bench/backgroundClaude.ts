/** Claude Code's own background sessions: a service of its own starts them in worktrees, and again when they die. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type AgentHomes, makeAgentHomes } from '../harness/agentHomes.ts';
import { type AgentRepository, makeAgentRepository } from '../harness/agentRepository.ts';
import { ensureAgents } from '../harness/agents.ts';
import type { Wire } from '../harness/wire/wire.ts';

const run = promisify(execFile);
const limitMs = 30_000;

export class BackgroundClaude {
  /** Its requests come to this queue of the wire. */
  static readonly queue = 'background';
  readonly #program: string;
  readonly #homes: AgentHomes;
  readonly #repository: AgentRepository;

  private constructor(program: string, homes: AgentHomes, repository: AgentRepository) {
    this.#program = program;
    this.#homes = homes;
    this.#repository = repository;
  }

  static async open(wire: Wire): Promise<BackgroundClaude> {
    const { claude } = await ensureAgents();
    const repository = await makeAgentRepository('rigs-background');
    const { place, folder } = repository;
    const homes = await makeAgentHomes({
      wire,
      trusted: [place, folder],
      queues: { claude: BackgroundClaude.queue },
    });
    return new BackgroundClaude(claude, homes, repository);
  }

  /** Gives a task, with a worktree of its own; nobody would see what it asks, so it need not ask. */
  async give(task: string, worktree: string): Promise<void> {
    const mode = ['--permission-mode', 'manual', '--allowedTools=Bash'];
    await this.#run('--bg', '--worktree', worktree, ...mode, task);
  }

  /** `SIGKILL` for the session that works; when that was, ms of the wall clock. */
  async kill(): Promise<number> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const sessions = JSON.parse(await this.#run('agents', '--json')) as readonly {
        readonly pid?: number;
      }[];
      const found = sessions.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
      const [pid] = found;
      if (found.length > 1) throw new Error(`${String(found.length)} background sessions run.`);
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL');
        return Date.now();
      }
      if (Date.now() > deadline) throw new Error('No background session runs.');
      await sleep(100);
    }
  }

  /** A file as its session committed it; null where it has none. */
  committed(worktree: string, file: string): Promise<string | null> {
    return this.#repository.git('show', `worktree-${worktree}:${file}`).catch(() => null);
  }

  /** Its service goes, and with it all sessions; the next task starts it anew. */
  async stop(): Promise<void> {
    await this.#run('daemon', 'stop', '--any');
  }

  async close(): Promise<void> {
    await this.stop();
    await this.#repository.remove();
    await this.#homes.remove();
  }

  async #run(...args: string[]): Promise<string> {
    // It also leaves things in the person's own home.
    const env = { ...process.env, ...this.#homes.env, HOME: join(this.#homes.claude, 'person') };
    return (await run(this.#program, args, { cwd: this.#repository.folder, env })).stdout;
  }
}
