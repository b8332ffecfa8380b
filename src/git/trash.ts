import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Files } from '../ports/files.ts';
import { GitError } from '../ports/git.ts';
import { realFiles } from '../system/realFiles.ts';
import { syncReadOnly } from '../system/syncFile.ts';
import { exists } from './place.ts';

/** Where a slot keeps git's notes on the worktree it holds. */
export const worktreeNotes = 'git-worktree';

/** The trash of the folder that a worktree stands in. */
export function trashBeside(place: string): string {
  return path.join(path.dirname(place), '.trash');
}

/**
 * A new folder in the trash that is nobody else's. Its name says since when it is there: a folder's own times change
 * with a copy, a backup or a look inside.
 */
export async function trashSlot(trash: string, name: string, now = Date.now()): Promise<string> {
  await mkdir(trash, { recursive: true });
  const since = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return mkdtemp(path.join(trash, `${name}-${since}-`));
}

/** When a slot was made, in ms; null for a name of another kind. */
export function slotTime(slot: string): number | null {
  const [, year, month, day, hour, minute, second] =
    /-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-\w{6}$/.exec(slot) ?? [];
  if (second === undefined) return null;
  const at = Date.parse(
    `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${second}Z`,
  );
  return Number.isNaN(at) ? null : at;
}

/** Whether a folder can be renamed into the trash in one step; true also when there is no folder. */
export async function onOneDisk(folder: string, trash: string): Promise<boolean> {
  if (!(await exists(folder))) return true;
  await mkdir(trash, { recursive: true });
  return (await lstat(folder)).dev === (await stat(trash)).dev;
}

/**
 * Moves a folder; on another file system copies it, compares both, brings the copy onto its disk, and only then takes
 * the original away.
 */
export async function moveFolder(from: string, to: string, files: Files = realFiles): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EBUSY' || code === 'EPERM' || code === 'EACCES') {
      throw new GitError('locked', `A program still holds ${from}.`, String(error), { cause: error });
    }
    if (code !== 'EXDEV') throw error;
    await copyAcross(from, to, files);
  }
}

async function copyAcross(from: string, to: string, files: Files): Promise<void> {
  // What an interrupted copy left is partial; the original is still whole.
  if (await exists(to)) await rm(to, { recursive: true, force: true });
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    errorOnExist: true,
  });
  if (!(await sameContent(from, to))) {
    throw new GitError('failed', `The copy of ${from} in the trash is not the same; the original stays.`);
  }
  await syncAll(to, files);
  await files.syncFolder(path.dirname(to));
  await rm(from, { recursive: true, force: true });
}

/** What is in a folder before the folder; links and pipes stand in their folder alone. */
async function syncAll(place: string, files: Files): Promise<void> {
  const found = await lstat(place);
  if (found.isDirectory()) {
    for (const name of await readdir(place)) await syncAll(path.join(place, name), files);
    await files.syncFolder(place);
  } else if (found.isFile()) {
    await ((found.mode & 0o200) === 0 ? syncReadOnly(place) : files.sync(place));
  }
}

async function sameContent(a: string, b: string): Promise<boolean> {
  const [one, other] = [await lstat(a), await lstat(b)];
  if (one.isSymbolicLink()) return other.isSymbolicLink() && (await readlink(a)) === (await readlink(b));
  if (one.isDirectory()) {
    if (!other.isDirectory()) return false;
    const names = (await readdir(a)).sort();
    if (names.join('\0') !== (await readdir(b)).sort().join('\0')) return false;
    for (const name of names) if (!(await sameContent(path.join(a, name), path.join(b, name)))) return false;
    return true;
  }
  // Sockets and pipes have no content to lose.
  if (!one.isFile()) return true;
  return other.isFile() && one.size === other.size && (await hashOf(a)) === (await hashOf(b));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
