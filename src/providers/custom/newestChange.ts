import { lstat, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';

/** Of a large worktree the entries nearest its top are looked at, and what git writes for all of it. */
const most = 500;

/** Not the agent's work, and many. */
const passedOver: readonly string[] = ['.git', 'node_modules'];

/** When a worktree last changed, in ms of the disk's clock; 0 where nothing can be seen of it. */
export async function newestChange(worktree: string): Promise<number> {
  let newest = Math.max(...(await Promise.all((await gitFiles(worktree)).map(changedAt))));
  let left = most;
  // It grows while it is walked: those nearest the top come first.
  const folders = [worktree];
  for (const folder of folders) {
    if (left <= 0) break;
    const entries = ((await seen(readdir(folder, { withFileTypes: true }))) ?? [])
      .filter(({ name }) => !passedOver.includes(name))
      .slice(0, left);
    left -= entries.length;
    const times = await Promise.all(entries.map(({ name }) => changedAt(path.join(folder, name))));
    newest = Math.max(newest, ...times);
    for (const entry of entries) if (entry.isDirectory()) folders.push(path.join(folder, entry.name));
  }
  return newest;
}

/** A linked worktree's `.git` is a file that says where its index is. */
async function gitFiles(worktree: string): Promise<readonly string[]> {
  const own = path.join(worktree, '.git');
  const kind = await seen(lstat(own));
  // The agent could put anything in its place, and a pipe would be read for ever.
  const text = kind?.isFile() === true && kind.size < 4_096 ? await seen(readFile(own, 'utf8')) : null;
  const [, target] = /^gitdir: (.+?)\s*$/.exec(text ?? '') ?? [];
  const folder = target === undefined ? own : path.resolve(worktree, target);
  return [worktree, ...['HEAD', 'index', 'logs/HEAD'].map((name) => path.join(folder, name))];
}

/** Not the time of modification, which whoever unpacks or copies sets as it likes. */
async function changedAt(file: string): Promise<number> {
  return (await seen(lstat(file)))?.ctimeMs ?? 0;
}

/** Null for what the system does not show: it is evidence of nothing. */
async function seen<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return null;
  }
}
