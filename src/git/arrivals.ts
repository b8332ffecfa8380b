import { constants } from 'node:fs';
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import { loosen } from './loosen.ts';
import { exists } from './place.ts';

/**
 * A folder beside a worktree, in which what comes into it is made ready: what a crash cut short lies there, and is never
 * taken for the whole. It goes with its content when the work is through.
 */
export async function withArrivals<T>(worktree: string, work: (folder: string) => Promise<T>): Promise<T> {
  const own = path.join(path.dirname(worktree), '.arrivals', path.basename(worktree));
  await empty(own);
  await mkdir(own, { recursive: true, mode: 0o700 });
  try {
    return await work(own);
  } finally {
    await empty(own);
  }
}

/** Links in it are taken away, never followed; folders may be read-only as what they are copies of. */
async function empty(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  await loosen(folder);
  await rm(folder, { recursive: true, force: true });
}

/** Copies a file with its mode to where no file is yet; false when one is. */
export async function placeFile(folder: string, from: string, to: string): Promise<boolean> {
  const draft = path.join(folder, 'file');
  await rm(draft, { force: true });
  await copyFile(from, draft, constants.COPYFILE_FICLONE);
  try {
    await link(draft, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // A file system without hard links.
    if (!noLinks.has(String(codeOf(error)))) throw error;
  }
  return copyWhereNothingIs(draft, to);
}

const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN']);

async function copyWhereNothingIs(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A folder that is ready comes to its place in one step. */
export async function placeFolder(draft: string, to: string): Promise<void> {
  await rename(draft, to);
}
