/** Programs the bench starts, so that none outlives it: each is a group of its own, and groups die together. */
import { spawn, spawnSync } from 'node:child_process';
import type { StdioOptions } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** Everything started under one run carries this variable, also what detached itself from every group. */
export const runMark = 'RIGS_BENCH_RUN';

export type Group = {
  readonly pid: number;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** The exit code; a death by signal counts as 128. */
  readonly ended: Promise<number>;
  /** Asks the whole group to end, and ends what is left of it after `graceMs`. */
  readonly stop: (graceMs?: number) => Promise<void>;
};

export type StartOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: StdioOptions;
};

const running = new Set<number>();

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, 0);
  } catch {
    return false;
  }
}

async function stopGroup(pid: number, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isAlive(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  signalGroup(pid, 'SIGKILL');
  running.delete(pid);
}

/** Starts a program as the leader of a process group that is ended with this process at the latest. */
export function startGroup(file: string, args: readonly string[], options: StartOptions = {}): Group {
  const child = spawn(file, args, { stdio: 'inherit', ...options, detached: process.platform !== 'win32' });
  const { pid } = child;
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      resolve(code ?? 128);
    });
  });
  if (pid === undefined) {
    const nothing = Promise.resolve();
    return { pid: -1, stdout: null, stderr: null, ended, stop: () => nothing };
  }
  running.add(pid);
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    stop: (graceMs = 3000) => stopGroup(pid, graceMs),
  };
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // ended meanwhile, or another user's
  }
}

/**
 * Ends whatever still carries this run's mark: a test may have killed an editor whose terminals live on. Linux only,
 * where another process's environment can be read; elsewhere the groups have to do. Synchronous, for the last moment.
 */
export function sweep(mark: string): void {
  if (process.platform !== 'linux') return;
  const needle = `${runMark}=${mark}`;
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  for (const pid of others) {
    if (!environmentOf(pid).split('\0').includes(needle)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

function endAll(): void {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
}

process.on('exit', endAll);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    for (const pid of running) signalGroup(pid, 'SIGTERM');
    // Groups of groups (a suite's own code-server) get a moment to be told before this process goes.
    setTimeout(() => process.exit(code), 1500);
  });
}
