import type { Stats } from 'node:fs';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut } from '../ports/git.ts';
import { isMissing } from './place.ts';

/** A path below a folder, as git and settings write it: relative, `/` between parts, nothing that leads elsewhere. */
export function isPlainPath(given: string): boolean {
  if (given === '' || given.length > 4_000 || notInPaths.test(given)) return false;
  const parts = given.split('/');
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && !isGit(part));
}

const notInPaths = process.platform === 'win32' ? /[\0\\:]/ : /\0/;

/** `.git` under every name that some file system takes for it. */
function isGit(part: string): boolean {
  return /^(\.git|git~1)[ .]*$/i.test(part);
}

/** The real file or folder of the checkout behind a name; null when its link leads out of it, or into `.git`. */
export async function realInside(root: string, relative: string): Promise<string | null> {
  const real = await realpath(path.join(root, relative));
  const inside = path.relative(root, real).split(path.sep).join('/');
  return isPlainPath(inside) && !path.isAbsolute(inside) ? real : null;
}

/** Why nothing can be put there without passing a link or a file; null when it can. */
export async function obstacle(worktree: string, relative: string): Promise<LeftOut['why'] | null> {
  const parts = relative.split('/');
  for (let count = 1; count < parts.length; count += 1) {
    const found = await look(path.join(worktree, ...parts.slice(0, count)));
    if (found === null) return null;
    if (found.isSymbolicLink()) return 'leads_out';
    if (!found.isDirectory()) return 'taken';
  }
  return null;
}

/** Makes the folders that a path lies in, as open as those it comes from. To be asked `obstacle` before. */
export async function makeFoldersFor(root: string, worktree: string, relative: string): Promise<void> {
  const parts = relative.split('/');
  for (let count = 1; count < parts.length; count += 1) {
    const part = parts.slice(0, count);
    const to = path.join(worktree, ...part);
    if ((await look(to)) !== null) continue;
    const mode = (await look(path.join(root, ...part)))?.mode ?? 0o777;
    await mkdir(to, { mode: (mode & 0o777) | 0o700 });
  }
}

/** What has this name, a link itself included; null when nothing has. */
export async function look(place: string): Promise<Stats | null> {
  try {
    return await lstat(place);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
