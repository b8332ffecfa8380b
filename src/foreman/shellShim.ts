import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from '../system/processIdentity.ts';
import { readExit, readStart } from '../system/spool.ts';

/** Where POSIX systems have their shell; one found on PATH could be anything. */
export const shell = '/bin/sh';
const patienceMs = 5_000;
const session = { polecat: 'trial', token: 0 };

/** Arguments of `/bin/sh` that run a program under the shell's shim. */
export function shellShimArgs(
  script: string,
  spool: string,
  { polecat, token }: { readonly polecat: string; readonly token: number },
  execPath: string,
): readonly string[] {
  return [script, '--spool', spool, '--session', polecat, String(token), '--node', execPath, '--'];
}

const trials = new Map<string, Promise<boolean>>();

/**
 * Whether the shell's shim does its work on this machine: tried once in this process, with an agent that dies of
 * Ctrl+C's signal. What it needs of the system (a shell's job table, a way to give signals back) is not everywhere.
 */
export function shellShimWorks(script: string): Promise<boolean> {
  const known = trials.get(script);
  if (known !== undefined) return known;
  const trial = process.platform === 'win32' ? Promise.resolve(false) : tried(script);
  trials.set(script, trial);
  return trial;
}

async function tried(script: string): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rigs-shim-'));
  try {
    return await plays(script, folder);
  } catch {
    // Whatever it is: the other shim needs nothing but Node.
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function plays(script: string, spool: string): Promise<boolean> {
  const agent = [shell, '-c', 'read -r go; kill -s INT $$; exit 3'];
  const args = [...shellShimArgs(script, spool, session, process.execPath), ...agent];
  const shim = spawn(shell, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const late = setTimeout(() => shim.kill('SIGKILL'), patienceMs);
  const exit = new Promise<number | null>((resolve, reject) => {
    shim.once('error', reject);
    shim.once('exit', resolve);
  });
  shim.stdin.on('error', () => undefined);
  try {
    const known = await knows(spool, shim.pid, exit);
    shim.stdin.end('go\n');
    const ended = (await exit) === 0 ? await readExit(spool, session) : null;
    return known && ended?.signal === 'SIGINT';
  } finally {
    clearTimeout(late);
    shim.kill('SIGKILL');
  }
}

/** Whether it tells of itself and its agent what this process, too, says they are. */
async function knows(spool: string, pid: number | undefined, exit: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
  };
  void exit.then(end, end);
  for (;;) {
    const start = await readStart(spool, session);
    if (start?.child != null && start.shim !== null) {
      return start.shim.pid === pid && (await isAlive(start.shim)) && (await isAlive(start.child));
    }
    if (over.signal.aborted) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
