/** Kills an agent's program as nothing announces it: `SIGKILL`, found by where it works and not by its name. */
import { readFile, readdir, readlink } from 'node:fs/promises';

/** Processes of a worktree whose command line fits. Linux only, as the tests that kill are. */
async function working(folder: string, program: RegExp): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const cwd = await readlink(`/proc/${name}/cwd`).catch(() => '');
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) continue;
    const words = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (program.test(words.split('\0')[0] ?? '')) found.push(Number(name));
  }
  return found;
}

/** Kills what runs a program in worktrees below a folder; returns how many processes there were. */
export async function killAgentIn(folder: string, program: RegExp): Promise<number> {
  const found = await working(folder, program);
  for (const pid of found) process.kill(pid, 'SIGKILL');
  return found.length;
}
