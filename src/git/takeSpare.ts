import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import { writeDurably } from '../system/durableFile.ts';
import { codeOf } from '../system/errorCode.ts';
import { linkIn } from './gitDirs.ts';
import { dropOwnFile } from './ownFile.ts';
import { exists, realPlace } from './place.ts';
import { headOf } from './refs.ts';
import type { RunGit } from './run.ts';
import type { Turns } from '../system/turns.ts';
import { adminOf, initializing, namesIn, placeOf, point, readMark, textIn } from './worktrees.ts';

/**
 * Moves a spare to its place, registration and all; false when there is none. It stays marked as a spare until it is
 * checked out. The rename decides between two processes; what comes after it is finished by `followMoved`.
 */
export async function takeSpare(
  turns: Turns,
  repository: Repository,
  spares: string,
  place: string,
): Promise<boolean> {
  for (const name of (await namesIn(spares)).toSorted()) {
    const spare = path.join(spares, name);
    const admin = await adminOf(repository.commonDir, spare);
    if (admin === null || !(await isReady(admin))) continue;
    if (await turns.take(spare, () => take(spare, admin, place))) return true;
  }
  return false;
}

/** Filled, nobody's, and not being worked on. */
export async function isReady(admin: string): Promise<boolean> {
  if ((await readMark(admin))?.spare !== true || (await exists(lockOf(admin)))) return false;
  // Git writes the index last.
  return exists(path.join(admin, 'index'));
}

async function take(spare: string, admin: string, place: string): Promise<boolean> {
  // Between the rename and the new pointer its registration leads nowhere, which `git worktree prune` would take.
  if (!(await claim(admin))) return false;
  await nameAbsolutely(spare, admin);
  if (await moved(spare, place)) {
    await point(admin, place);
    return true;
  }
  if (await exists(spare)) await release(admin);
  return false;
}

/** False when another call works on it, or its registration is gone. */
export async function claim(admin: string): Promise<boolean> {
  try {
    await writeFile(lockOf(admin), initializing, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

export async function release(admin: string): Promise<void> {
  await dropOwnFile(lockOf(admin));
}

function lockOf(admin: string): string {
  return path.join(admin, 'locked');
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
  const named = await placeOf(admin);
  // The one it names still stands: this is a copy that somebody made of it.
  if (named === null || named === (await realPlace(place)) || (await exists(named))) return;
  await point(admin, place);
}

/** A relative link (git 2.48, if the repository is set up so) would lead astray from the new place. */
export async function nameAbsolutely(spare: string, admin: string): Promise<void> {
  const link = path.join(spare, '.git');
  const text = await textIn(link);
  if (text === null || path.isAbsolute(linkIn(text) ?? '')) return;
  await writeDurably(link, `gitdir: ${admin}\n`);
}

/** The commit a detached worktree stands on. */
export async function commitAt(git: RunGit, place: string, admin: string): Promise<string | null> {
  const head = (await textIn(path.join(admin, 'HEAD')))?.trim() ?? null;
  // What git writes there when it keeps refs in a table.
  return head === 'ref: refs/heads/.invalid' ? (await headOf(git, place)).commit : head;
}
