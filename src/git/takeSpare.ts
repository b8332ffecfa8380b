import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import { writeDurably } from '../system/durableFile.ts';
import { linkIn } from './gitDirs.ts';
import { exists, realPlace } from './place.ts';
import { adminOf, namesIn, readMark, textIn } from './worktrees.ts';

/** Git's own word for a worktree that is being made: it prunes none that is locked so. */
const initializing = 'initializing';

/**
 * Moves a spare to its place, registration and all; false when there is none. It stays marked as a spare until it is
 * checked out. The rename decides between two processes; what comes after it is finished by `followMoved`.
 */
export async function takeSpare(repository: Repository, spares: string, place: string): Promise<boolean> {
  for (const name of (await namesIn(spares)).toSorted()) {
    const spare = path.join(spares, name);
    const admin = await adminOf(repository.commonDir, spare);
    if (admin === null || !(await isReady(admin))) continue;
    await nameAbsolutely(spare, admin);
    // Between the rename and the new pointer its registration leads nowhere, which `git worktree prune` would take.
    await writeFile(path.join(admin, 'locked'), initializing);
    if (await moved(spare, place)) {
      await point(admin, place);
      return true;
    }
    if (await exists(spare)) await rm(path.join(admin, 'locked'), { force: true });
  }
  return false;
}

export async function isReady(admin: string): Promise<boolean> {
  if ((await readMark(admin))?.spare !== true) return false;
  // Git writes the index last.
  return exists(path.join(admin, 'index'));
}

const unmovable = new Set(['ENOENT', 'EXDEV', 'EPERM', 'EACCES', 'EBUSY', 'ENOTEMPTY', 'EEXIST']);

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // Taken by another process, on another disk, or held by a program: then one is made in place.
    const code = codeOf(error);
    if (typeof code === 'string' && unmovable.has(code)) return false;
    throw error;
  }
}

/** Finishes what `takeSpare` began where it died between its rename and the new pointer. */
export async function followMoved(repository: Repository, place: string): Promise<void> {
  const link = linkIn((await textIn(path.join(place, '.git'))) ?? '');
  if (link === null) return;
  const admin = await realPlace(path.resolve(place, link));
  if (path.dirname(admin) !== path.join(repository.commonDir, 'worktrees')) return;
  if ((await readMark(admin))?.spare !== true) return;
  const pointer = (await textIn(path.join(admin, 'gitdir')))?.replace(/[\r\n]+$/, '') ?? '';
  const named = await realPlace(path.resolve(admin, pointer));
  // The one it names still stands: this is a copy that somebody made of it.
  if (named === path.join(await realPlace(place), '.git') || (await exists(named))) return;
  await point(admin, place);
}

/** A relative link (git 2.48, if the repository is set up so) would lead astray from the new place. */
async function nameAbsolutely(spare: string, admin: string): Promise<void> {
  const link = path.join(spare, '.git');
  if (path.isAbsolute(linkIn((await textIn(link)) ?? '') ?? '')) return;
  await writeDurably(link, `gitdir: ${admin}\n`);
}

/** Tells the registration where its worktree stands, as `git worktree repair` would. */
async function point(admin: string, place: string): Promise<void> {
  await writeDurably(path.join(admin, 'gitdir'), `${path.join(await realPlace(place), '.git')}\n`);
  await rm(path.join(admin, 'locked'), { force: true });
}
