import { constants } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Furnished, LeftOut, Share } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import { placeFolder } from './arrivals.ts';
import { copyFolder } from './copyFolder.ts';
import { isPlainPath, look, makeFoldersFor, obstacle, realInside } from './inside.ts';
import { ignoredOf } from './matching.ts';
import { isMissing } from './place.ts';
import type { RunGit } from './run.ts';

export interface Room {
  readonly git: RunGit;
  /** Top of the person's checkout. */
  readonly root: string;
  readonly worktree: string;
  /** For drafts; on the worktree's own file system. */
  readonly arrivals: string;
  readonly signal: AbortSignal | undefined;
}

/** Brings folders of the person's checkout into a worktree, each as its setting says. */
export async function shareFolders(
  room: Room,
  share: Readonly<Record<string, Share>>,
): Promise<Omit<Furnished, 'files'>> {
  const folders: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const [given, how] of Object.entries(share)) {
    room.signal?.throwIfAborted();
    const folder = given.replace(/\/+$/, '');
    const why = await shareFolder(room, folder, how);
    if (why === null) folders.push(folder);
    else leftOut.push({ path: given, why });
  }
  return { folders, leftOut };
}

async function shareFolder(room: Room, folder: string, how: Share): Promise<LeftOut['why'] | null> {
  const { git, root, worktree } = room;
  if (!isPlainPath(folder)) return 'bad_path';
  const from = await sourceOf(root, folder);
  if (typeof from !== 'object') return from;
  const blocked = await obstacle(worktree, folder);
  if (blocked !== null) return blocked;
  // A pattern that ends in a slash does not hold for a link, and git would commit it.
  const asked = how === 'link' ? folder : `${folder}/.rigs-any-file`;
  const standing = await look(path.join(worktree, folder));
  if (standing !== null) return standing.isDirectory() || standing.isSymbolicLink() ? null : 'taken';
  if (!(await ignoredOf(git, worktree, [asked])).has(asked)) return 'not_ignored';
  await makeFoldersFor(root, worktree, folder);
  return bring(room, from.real, path.join(worktree, folder), how);
}

async function sourceOf(root: string, folder: string): Promise<{ readonly real: string } | LeftOut['why']> {
  try {
    const real = await realInside(root, folder);
    if (real === null) return 'leads_out';
    return (await look(real))?.isDirectory() === true ? { real } : 'missing';
  } catch (error) {
    if (isMissing(error)) return 'missing';
    if (unreadable.has(String(codeOf(error)))) return 'unreadable';
    throw error;
  }
}

/** Something in it that is not the person's to read; a full disk is another try's. */
const unreadable = new Set(['EACCES', 'EPERM', 'ELOOP']);

async function bring(room: Room, from: string, to: string, how: Share): Promise<LeftOut['why'] | null> {
  if (how === 'link') {
    // Windows lets anybody make a junction, and only some a link.
    await symlink(from, to, process.platform === 'win32' ? 'junction' : 'dir');
    return null;
  }
  const draft = path.join(room.arrivals, 'folder', path.basename(to));
  try {
    await mkdir(path.dirname(draft), { recursive: true });
    const flags = how === 'clone' ? constants.COPYFILE_FICLONE : 0;
    await copyFolder(from, draft, { flags, signal: room.signal });
  } catch (error) {
    room.signal?.throwIfAborted();
    if (unreadable.has(String(codeOf(error)))) return 'unreadable';
    throw error;
  }
  await placeFolder(draft, to);
  return null;
}
