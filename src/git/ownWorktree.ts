import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { addWorktree } from './addWorktree.ts';
import { dropStaleLocks } from './locks.ts';
import { loosen } from './loosen.ts';
import { endReplay } from './middle.ts';
import { isMissing } from './place.ts';
import { assertLease } from './refs.ts';
import { retire } from './retire.ts';
import { holds, listOf, type RunGit } from './run.ts';
import { linksIn } from './stage.ts';
import { trashBeside } from './trash.ts';
import type { Turns } from '../system/turns.ts';
import { adminOf, readMark } from './worktrees.ts';

/**
 * Makes or recycles a detached worktree of Rigs' own, so that it holds exactly `commit` and nothing else. One that
 * cannot be emptied (a check left files of another user) goes to the trash beside it, and a new one takes its place.
 */
export async function cleanWorktree(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  place: string,
  commit: CommitId,
): Promise<void> {
  await assertLease(git, repository);
  const wanted = { path: place, branch: null, base: commit };
  await addWorktree(git, turns, repository, wanted);
  const recycle = async (): Promise<void> => {
    const admin = await ownAdmin(repository, place);
    await settle(git, place, admin);
    await checkOut(git, place, commit);
  };
  try {
    await turns.take(place, recycle);
  } catch (error) {
    const there = ['cat-file', '-e', `${commit}^{commit}`];
    // A lock that a check left behind is nobody's: all that it started has been ended.
    const unusable = GitError.is(error, 'failed') || GitError.is(error, 'locked');
    const stuck = unusable && (await holds(git, there, { cwd: repository.root }));
    if (!stuck) throw error;
    await retire(git, turns, repository, place, trashBeside(place));
    await addWorktree(git, turns, repository, wanted);
    await turns.take(place, recycle);
  }
}

/** The folder of git's notes on one of Rigs' detached worktrees; throws `taken` for anybody else's. */
export async function ownAdmin(repository: Repository, place: string): Promise<string> {
  const admin = await adminOf(repository.commonDir, place);
  const mark = admin === null ? null : await readMark(admin);
  if (admin === null || mark?.branch !== null || mark.damaged === true) {
    throw new GitError('taken', `${place} is not a worktree that Rigs proves in.`);
  }
  return admin;
}

/** Ends what a crash or a check left under way: locks, a half-done rebase, an index that hides changes. */
export async function settle(git: RunGit, place: string, admin: string): Promise<void> {
  await dropStaleLocks(admin, { alone: true });
  await endReplay(admin);
  // A check could mark a file "assume unchanged" and so keep what it put there for the next one.
  const flags = await listOf(git, ['ls-files', '-v', '-z'], { cwd: place });
  if (flags.some((entry) => /^[a-zS]/.test(entry))) await rm(path.join(admin, 'index'), { force: true });
}

export async function checkOut(git: RunGit, place: string, commit: CommitId): Promise<void> {
  try {
    await checkOutNow(git, place, commit);
  } catch (error) {
    if (!GitError.is(error, 'failed')) throw error;
    // A folder that was made read-only, as some build tools do with what they fetched.
    await loosen(place);
    await checkOutNow(git, place, commit);
  }
}

async function checkOutNow(git: RunGit, place: string, commit: CommitId): Promise<void> {
  // Forced: it also ends a merge that is under way. Nobody's work is in here.
  await git(['checkout', '--quiet', '--force', '--detach', '--no-recurse-submodules', commit], {
    cwd: place,
  });
  const [links] = await Promise.all([
    linksIn(git, place),
    git(['clean', '--quiet', '-ffdx'], { cwd: place }),
  ]);
  // Where the commit records a submodule, `clean` spares all that stands in its folder.
  for (const link of links) await empty(place, link);
}

async function empty(place: string, link: string): Promise<void> {
  const folder = path.join(place, link);
  const inside = await realpath(folder).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (inside === null) return;
  if (inside !== path.join(await realpath(place), link)) {
    throw new GitError('failed', `${folder} leads out of its worktree.`);
  }
  if ((await readdir(folder)).length === 0) return;
  await loosen(folder);
  await rm(folder, { recursive: true });
  await mkdir(folder);
}
