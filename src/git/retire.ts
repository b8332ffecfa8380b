import { rename } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { dropRef } from './dropRef.ts';
import { linkIn } from './gitDirs.ts';
import { bundle, everyTip, unreachable } from './lost.ts';
import { ownBranches } from './ownBranch.ts';
import { exists, isMissing, realPlace } from './place.ts';
import { assertLease, hasHead, tipOf } from './refs.ts';
import type { RunGit } from './run.ts';
import { saveCommit, snapshot } from './saved.ts';
import { uncommitted } from './status.ts';
import { claim, followMoved, nameAbsolutely } from './takeSpare.ts';
import { moveFolder, onOneDisk, trashSlot, worktreeNotes } from './trash.ts';
import type { Turns } from '../system/turns.ts';
import {
  adminOf,
  initializing,
  type Mark,
  namesIn,
  placeOf,
  point,
  readMark,
  textIn,
  worktreesOf,
} from './worktrees.ts';

export interface Retired {
  readonly trashedTo: string | null;
  readonly keptRef: string | null;
}

/**
 * The one removal. The folder goes to the trash first, registered there, so that a person sees it gone at once and
 * nothing works in it any more; nothing is lost by that. Then every commit and all uncommitted work get a ref, the
 * branch goes if others hold its commits, and the registration goes last, into the trash as well, because all before
 * can be found again through it. Never `git worktree prune`: it also drops a person's own worktree whose drive is not
 * mounted.
 */
export async function retire(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  worktree: string,
  trash: string,
): Promise<Retired> {
  return turns.take(worktree, async () => {
    await followMoved(repository, worktree);
    const admin =
      (await adminOf(repository.commonDir, worktree)) ?? (await unfinished(repository, worktree, trash));
    if (admin === null) return withoutRegistration(repository, worktree, trash);
    const mark = await readMark(admin);
    await assertOwn(worktree, admin, mark);
    await assertLease(git, repository);
    const branch = mark?.branch ?? null;
    // One that only proves has nothing of its own; whose it is that cannot be read, nobody knows.
    const name = mark?.damaged === true ? `unmarked/${path.basename(admin)}` : branch;
    const keep = (place: string | null): Promise<string | null> =>
      name === null ? Promise.resolve(null) : keepWork(git, repository, { admin, branch, name, place });
    // Moved to another disk file by file, it is in two parts for a while.
    const before = (await onOneDisk(worktree, trash)) ? null : await keep(worktree);
    const place = await toTrash(worktree, admin, trash);
    const kept = (await keep(place)) ?? before;
    const branchKept = branch === null ? null : await dropBranch(git, repository, branch, admin);
    const slot = place === null ? await trashSlot(trash, path.basename(worktree)) : path.dirname(place);
    if (place !== null) await unlinkFrom(place);
    await turns.take(repository.commonDir, () => moveFolder(admin, path.join(slot, worktreeNotes)));
    return { trashedTo: place === null ? null : slot, keptRef: kept ?? branchKept };
  });
}

/** The registration of a worktree that an earlier call brought to the trash without coming to its end. */
async function unfinished(repository: Repository, worktree: string, trash: string): Promise<string | null> {
  const folder = path.join(repository.commonDir, 'worktrees');
  for (const name of await namesIn(folder)) {
    const admin = path.join(folder, name);
    const place = await placeOf(admin);
    if (place === null || path.basename(place) !== path.basename(worktree)) continue;
    if (path.dirname(path.dirname(place)) === (await realPlace(trash))) return admin;
  }
  return null;
}

/** Where it stands in the trash; null when its folder is nowhere. It keeps its name in its slot. */
async function toTrash(worktree: string, admin: string, trash: string): Promise<string | null> {
  const named = await placeOf(admin);
  if (named !== (await realPlace(worktree))) return named !== null && (await exists(named)) ? named : null;
  const name = path.basename(worktree);
  if (!(await exists(worktree))) {
    const moved = await movedTo(trash, name, admin);
    if (moved !== null) await point(admin, moved);
    return moved;
  }
  await nameAbsolutely(worktree, admin);
  const to = path.join(await trashSlot(trash, name), name);
  // Between the rename and the new pointer its registration leads nowhere, which `git worktree prune` would take.
  await claim(admin);
  await moveFolder(worktree, to);
  await point(admin, to);
  return to;
}

/** Where an earlier call moved it that died right after: its link still leads to the registration. */
async function movedTo(trash: string, name: string, admin: string): Promise<string | null> {
  for (const slot of await namesIn(trash)) {
    const place = path.join(trash, slot, name);
    const link = linkIn((await textIn(path.join(place, '.git'))) ?? '');
    if (link !== null && (await realPlace(path.resolve(place, link))) === (await realPlace(admin)))
      return place;
  }
  return null;
}

/** Its link to the registration is renamed: a later worktree may get the registration's name. */
async function unlinkFrom(place: string): Promise<void> {
  await rename(path.join(place, '.git'), path.join(place, '.git.retired')).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** Somebody pruned the registration: the files alone are left to bring away. */
async function withoutRegistration(
  repository: Repository,
  worktree: string,
  trash: string,
): Promise<Retired> {
  if (!(await exists(worktree))) return { trashedTo: null, keptRef: null };
  const link = linkIn((await textIn(path.join(worktree, '.git'))) ?? '');
  const home = link === null ? null : await realPlace(path.dirname(path.resolve(worktree, link)));
  if (home !== path.join(repository.commonDir, 'worktrees')) {
    throw new GitError('taken', `${worktree} is not a worktree of Rigs.`);
  }
  const slot = await trashSlot(trash, path.basename(worktree));
  const place = path.join(slot, path.basename(worktree));
  await moveFolder(worktree, place);
  await unlinkFrom(place);
  return { trashedTo: slot, keptRef: null };
}

async function assertOwn(worktree: string, admin: string, mark: Mark | null): Promise<void> {
  // Without an index it was never filled: a crash came between making it and marking it.
  const own = mark !== null || !(await exists(path.join(admin, 'index')));
  if (!own) throw new GitError('taken', `${worktree} is not a worktree of Rigs.`);
  const locked = (await textIn(path.join(admin, 'locked')))?.trim() ?? null;
  if (locked !== null && locked !== initializing) {
    throw new GitError('locked', `${worktree} is locked against removal. ${locked}`.trim());
  }
}

interface Leaving {
  readonly admin: string;
  /** Null when nobody can say which. */
  readonly branch: string | null;
  /** What the work is saved under. */
  readonly name: string;
  /** Where its files are now; null when they are nowhere. */
  readonly place: string | null;
}

/**
 * Gives a ref to what would lose its last one: uncommitted work, and every commit the worktree's HEAD ever stood on,
 * so that one an agent amended or reset away is kept too.
 */
async function keepWork(git: RunGit, repository: Repository, leaving: Leaving): Promise<string | null> {
  const { admin, branch, name, place } = leaving;
  const tips = new Set<CommitId>(await everyTip(git, repository, admin, branch));
  const filled =
    place !== null && (await exists(path.join(place, '.git'))) && (await exists(path.join(admin, 'index')));
  if (filled && (await hasHead(git, place)) && (await uncommitted(git, place)).length > 0) {
    tips.add(await snapshot(git, place, admin, `Uncommitted work of ${name}\n`));
  }
  const lost = await unreachable(git, repository, [...tips]);
  if (lost.length === 0) return null;
  return saveCommit(git, repository, name, await bundle(git, repository, lost));
}

/** Deletes a branch of Rigs' own once other branches or tags hold its commits; else it stays, and is named. */
async function dropBranch(
  git: RunGit,
  repository: Repository,
  branch: string,
  admin: string,
): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const tip = await tipOf(git, repository, ref);
  if (tip === null) return null;
  // An agent can write the mark that names it.
  if (!branch.startsWith(ownBranches)) return ref;
  const own = await placeOf(admin);
  for (const one of await worktreesOf(git, repository.root)) {
    if (one.branch === branch && (await realPlace(one.path)) !== own) return ref;
  }
  return (await dropRef(git, repository, ref, tip.commit)) ? null : ref;
}
