import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './errorCode.ts';

/** A process id is reused by the system; with its start time it is not. Same shape as the town's. */
export interface Identity {
  readonly pid: number;
  /** Only serves comparison. On Linux it carries the boot it belongs to, because ticks count from boot. */
  readonly startTime: string;
}

const run = promisify(execFile);
const patienceMs = 5_000;

/** A process's start time, or null when there is no such process (a dead one nobody collected counts as none). */
const startTimes: Readonly<Partial<Record<NodeJS.Platform, (pid: number) => Promise<string | null>>>> = {
  linux: onLinux,
  win32: onWindows,
};

export async function startTimeOf(pid: number): Promise<string | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return (startTimes[process.platform] ?? onMac)(pid);
}

/** Who a process is, or null when it is gone. */
export async function identityOf(pid: number): Promise<Identity | null> {
  const startTime = await startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

/** Whether exactly this process still runs, and not another one that got its number. */
export async function isAlive(identity: Identity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startTime;
}

/** Fields of /proc/<pid>/stat from the third on; the second is the program's name, which may hold anything. */
export function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** proc_pid_stat(5): field 3 is the state, field 22 the start time in clock ticks since boot. */
async function onLinux(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(noSuchProcess);
  if (stat === null) return null;
  const fields = statFields(stat);
  const [state] = fields;
  const ticks = fields[19];
  if (state === 'Z' || state === 'X' || ticks === undefined) return null;
  return `${await bootId()}:${ticks}`;
}

/** Identifies the running boot; empty where the system does not tell. */
export async function bootId(): Promise<string> {
  if (process.platform !== 'linux') return '';
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

function noSuchProcess(error: unknown): null {
  // ESRCH: it ended between open and read.
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return null;
  throw error;
}

async function onMac(pid: number): Promise<string | null> {
  const line = await answerOf('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const [state = '', ...started] = line.split(/\s+/);
  return state === '' || state.startsWith('Z') ? null : started.join(' ');
}

async function onWindows(pid: number): Promise<string | null> {
  const script = `(Get-Process -Id ${String(pid)} -ErrorAction SilentlyContinue).StartTime.ToFileTimeUtc()`;
  const line = await answerOf('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]);
  return /^\d+$/.test(line) ? line : null;
}

/** What a system tool says; it exits 1 with nothing to say when there is no such process. */
async function answerOf(file: string, args: readonly string[]): Promise<string> {
  const options = { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, timeout: patienceMs };
  try {
    return (await run(file, [...args], options)).stdout.trim();
  } catch (error) {
    if (codeOf(error) === 1) return '';
    throw error;
  }
}
