import type { Stats } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { Turns } from '../system/turns.ts';

/** As many as keep the threads busy that Node has for files, and open few files. */
const atOnce = 16;

interface Copying {
  /** For `copyFile`: whether blocks may be shared. */
  readonly flags: number;
  readonly signal: AbortSignal | undefined;
  readonly turns: Turns;
}

/**
 * Copies a folder to where nothing is, with modes, times, and links as they stand in it; what has no content (a socket)
 * is passed over. Several files at once: `fs.cp` takes one after the other and twice as long. When it rejects, all
 * of it has come to rest.
 */
export async function copyFolder(
  from: string,
  to: string,
  options: { readonly flags: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  await copyAny(from, to, { ...options, turns: new Turns(atOnce) });
}

async function copyAny(from: string, to: string, copying: Copying): Promise<void> {
  copying.signal?.throwIfAborted();
  const found = await copying.turns.heavy(() => copyOne(from, to, copying));
  if (!found.isDirectory()) return;
  const names = await readdir(from);
  const copies = names.map((name) => copyAny(path.join(from, name), path.join(to, name), copying));
  const failed = (await Promise.allSettled(copies)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  // Afterwards: a read-only folder takes no files, and each of them changed its times.
  if ((found.mode & 0o700) !== 0o700) await chmod(to, found.mode & 0o7777);
  await utimes(to, found.atime, found.mtime);
}

/** Of a folder only itself. */
async function copyOne(from: string, to: string, { flags }: Copying): Promise<Stats> {
  const found = await lstat(from);
  if (found.isDirectory()) await mkdir(to, { mode: (found.mode & 0o7777) | 0o700 });
  else if (found.isSymbolicLink()) await symlink(await readlink(from), to);
  else if (found.isFile()) {
    await copyFile(from, to, flags);
    // A file that its owner may not write may be touched by them all the same.
    await utimes(to, found.atime, found.mtime);
  }
  return found;
}
