import { rename } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { dropRef } from './dropRef.ts';
import { linkIn } from './gitDirs.ts';
import { bundle, everyTip, unreachable } from './lost.ts';
import { exists, isMissing, realPlace } from './place.ts';
import { tipOf } from './refs.ts';
import type { RunGit } from './run.ts';
import { saveCommit, snapshot } from './saved.ts';
import { followMoved } from './takeSpare.ts';
import { moveFolder, trashSlot, worktreeNotes } from './trash.ts';
import type { Turns } from './turns.ts';
import { adminOf, readMark, textIn, type Worktree, worktreeAt, worktreesOf } from './worktrees.ts';

export interface Retired {
  readonly trashedTo: string | null;
  readonly keptRef: string | null;
}

/**
 * The one removal. Order: every commit gets a ref, the folder goes to the trash, the branch goes if others hold its
 * commits, the registration goes last, into the trash as well, because all before can be found again through it.
 * Never `git worktree prune`: it also drops a person's own worktree whose drive is not mounted.
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
    const listed = await worktreeAt(git, repository.root, worktree);
    const admin = await adminOf(repository.commonDir, worktree);
    const stands = await exists(worktree);
    if (listed === null || admin === null) return withoutRegistration(repository, worktree, trash, stands);
    await assertOwn(repository, listed, admin);
    const branch = (await readMark(admin))?.branch ?? null;
    const kept = await keepCommits(git, repository, { worktree, admin, listed, branch, stands });
    const slot = stands ? await trashSlot(trash, path.basename(worktree)) : null;
    if (slot !== null) await bury(worktree, slot);
    const branchKept = branch === null ? null : await dropBranch(git, repository, branch, listed);
    await turns.take(repository.commonDir, async () => {
      const place = slot ?? (await trashSlot(trash, path.basename(worktree)));
      await moveFolder(admin, path.join(place, worktreeNotes));
    });
    return { trashedTo: slot, keptRef: kept ?? branchKept };
  });
}

/** The folder keeps its name in its slot. Its link to the registration is renamed: a later worktree may get that place. */
async function bury(worktree: string, slot: string): Promise<void> {
  const place = path.join(slot, path.basename(worktree));
  await moveFolder(worktree, place);
  await rename(path.join(place, '.git'), path.join(place, '.git.retired')).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** An earlier call came this far, or somebody pruned the registration: the files alone are left to bring away. */
async function withoutRegistration(
  repository: Repository,
  worktree: string,
  trash: string,
  stands: boolean,
): Promise<Retired> {
  if (!stands) return { trashedTo: null, keptRef: null };
  const link = linkIn((await textIn(path.join(worktree, '.git'))) ?? '');
  const home = link === null ? null : await realPlace(path.dirname(path.resolve(worktree, link)));
  if (home !== path.join(repository.commonDir, 'worktrees')) {
    throw new GitError('taken', `${worktree} is not a worktree of Rigs.`);
  }
  const slot = await trashSlot(trash, path.basename(worktree));
  await bury(worktree, slot);
  return { trashedTo: slot, keptRef: null };
}

async function assertOwn(repository: Repository, listed: Worktree, admin: string): Promise<void> {
  const main = (await realPlace(listed.path)) === repository.root;
  // Without an index it was never filled: a crash came between making it and marking it.
  const own = (await readMark(admin)) !== null || !(await exists(path.join(admin, 'index')));
  if (main || !own) throw new GitError('taken', `${listed.path} is not a worktree of Rigs.`);
  if (listed.locked !== null && listed.locked !== 'initializing') {
    throw new GitError('locked', `${listed.path} is locked against removal. ${listed.locked}`.trim());
  }
}

interface Leaving {
  readonly worktree: string;
  readonly admin: string;
  readonly listed: Worktree;
  readonly branch: string | null;
  readonly stands: boolean;
}

/**
 * Gives a ref to what would lose its last one: uncommitted work, and every commit the worktree's HEAD ever stood on,
 * so that one an agent amended or reset away is kept too. A worktree that only proves has nothing of its own.
 */
async function keepCommits(git: RunGit, repository: Repository, leaving: Leaving): Promise<string | null> {
  const { worktree, admin, listed, branch } = leaving;
  if (branch === null) return null;
  const tips = new Set<CommitId>(await everyTip(git, repository, admin, branch));
  if (listed.head !== null) tips.add(listed.head);
  const filled = leaving.stands && (await exists(path.join(admin, 'index'))) && listed.head !== null;
  if (filled) tips.add(await snapshot(git, worktree, admin, `Uncommitted work of ${branch}\n`));
  const lost = await unreachable(git, repository, [...tips], []);
  if (lost.length === 0) return null;
  return saveCommit(git, repository, branch, await bundle(git, repository, lost));
}

/** Deletes a branch of Rigs' own once other branches or tags hold its commits; else it stays, and is named. */
async function dropBranch(
  git: RunGit,
  repository: Repository,
  branch: string,
  listed: Worktree,
): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const tip = await tipOf(git, repository, ref);
  if (tip === null) return null;
  const elsewhere = (await worktreesOf(git, repository.root)).some(
    (one) => one.branch === branch && one.path !== listed.path,
  );
  if (elsewhere) return ref;
  return (await dropRef(git, repository, ref, tip.commit)) ? null : ref;
}
