import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GitError } from '../ports/git.ts';
import { exists } from './place.ts';

/** A new folder in the trash that is nobody else's. */
export async function trashSlot(trash: string, name: string): Promise<string> {
  await mkdir(trash, { recursive: true });
  return mkdtemp(path.join(trash, `${name}-`));
}

/** Moves a folder; on another file system copies it, compares both, and only then takes the original away. */
export async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EBUSY' || code === 'EPERM' || code === 'EACCES') {
      throw new GitError('locked', `A program still holds ${from}.`, String(error), { cause: error });
    }
    if (code !== 'EXDEV') throw error;
    await copyAcross(from, to);
  }
}

async function copyAcross(from: string, to: string): Promise<void> {
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
  await rm(from, { recursive: true, force: true });
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
