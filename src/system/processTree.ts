import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './errorCode.ts';
import { type Identity, identityOf, isAlive, statFields } from './processIdentity.ts';

const run = promisify(execFile);
const pollMs = 50;

/**
 * Ends a process with everything it started: asks with SIGTERM, and after `graceMs` (0: at once) uses SIGKILL.
 * Resolves once all of it is gone. What left its group is found by its parents, as long as one of them lives.
 */
export async function killTree(root: Identity, graceMs = 2_000): Promise<void> {
  if (process.platform === 'win32') {
    await killOnWindows(root);
    return;
  }
  const tree = await treeOf(root);
  if (graceMs > 0) {
    for (const one of tree) await signal(one, 'SIGTERM');
    await gone(tree, graceMs);
  }
  // Asked again: between the two looks it may have started more.
  const left = [...tree, ...(await treeOf(root))];
  for (const one of left) await signal(one, 'SIGKILL');
  await gone(left, 2_000);
}

/** Sends a signal to exactly this process; false when it is gone. */
export async function signal(one: Identity, name: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(one))) return false;
  return send(one.pid, name);
}

/** Sends a signal to a process group; false when there is none. */
export function signalGroup(leader: number, name: NodeJS.Signals): boolean {
  return send(-leader, name);
}

function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  }
}

async function gone(tree: readonly Identity[], withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (const one of tree) {
    while ((await isAlive(one)) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** The process, its descendants and its group if it leads one, parents first. */
async function treeOf(root: Identity): Promise<readonly Identity[]> {
  const now = await identityOf(root.pid);
  // What it left outside its group has another parent by now; most checks end so, and a look at all processes is dear.
  if (now === null && !hasGroup(root.pid)) return [];
  const all = await everyProcess();
  // Its number belongs to somebody else now. (While its group lives, the number stays free.)
  if (now !== null && now.startTime !== root.startTime) return [];
  const found = new Set([root.pid]);
  // A set yields what is added while it is walked.
  for (const pid of found) {
    for (const one of all) if (one.parent === pid || one.group === root.pid) found.add(one.pid);
  }
  found.delete(process.pid);
  const identities = await Promise.all([...found].map(identityOf));
  return identities.filter((one) => one !== null);
}

function hasGroup(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

async function everyProcess(): Promise<readonly Row[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

async function fromProc(): Promise<readonly Row[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(
    pids.map(async (pid): Promise<Row | null> => {
      // A process that ended meanwhile is none of the tree.
      const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
      if (stat === null) return null;
      const [, parent, group] = statFields(stat);
      return { pid, parent: Number(parent), group: Number(group) };
    }),
  );
  return rows.filter((row) => row !== null);
}

async function fromPs(): Promise<readonly Row[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { maxBuffer: 1 << 24 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, group = 0]) => ({ pid, parent, group }));
}

async function killOnWindows(root: Identity): Promise<void> {
  if (!(await isAlive(root))) return;
  try {
    await run('taskkill', ['/pid', String(root.pid), '/T', '/F']);
  } catch (error) {
    // 128: it ended by itself meanwhile.
    if (codeOf(error) !== 128) throw error;
  }
}
