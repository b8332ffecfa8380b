import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { addWorktree } from './addWorktree.ts';
import { isMissing } from './place.ts';
import { listOf, type RunGit } from './run.ts';
import type { Turns } from './turns.ts';
import { adminOf, readMark } from './worktrees.ts';

const abandonedMs = 10 * 60_000;

/** Makes or recycles a detached worktree of Rigs' own, so that it holds exactly `commit` and nothing else. */
export async function cleanWorktree(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  place: string,
  commit: CommitId,
): Promise<void> {
  await addWorktree(git, turns, repository, { path: place, branch: null, base: commit });
  await turns.take(place, async () => {
    const admin = await ownAdmin(repository, place);
    await settle(git, place, admin);
    await checkOut(git, place, commit);
  });
}

/** The folder of git's notes on one of Rigs' detached worktrees; throws `taken` for anybody else's. */
export async function ownAdmin(repository: Repository, place: string): Promise<string> {
  const admin = await adminOf(repository.commonDir, place);
  const mark = admin === null ? null : await readMark(admin);
  if (admin === null || mark?.branch !== null) {
    throw new GitError('taken', `${place} is not a worktree that Rigs proves in.`);
  }
  return admin;
}

/** Ends what a crash or a check left under way: locks, a half-done rebase, an index that hides changes. */
export async function settle(git: RunGit, place: string, admin: string): Promise<void> {
  for (const name of ['index.lock', 'HEAD.lock']) await dropStaleLock(path.join(admin, name));
  for (const name of ['rebase-merge', 'rebase-apply', 'sequencer']) {
    await rm(path.join(admin, name), { recursive: true, force: true });
  }
  // A check could mark a file "assume unchanged" and so keep what it put there for the next one.
  const flags = await listOf(git, ['ls-files', '-v', '-z'], { cwd: place });
  if (flags.some((entry) => /^[a-zS]/.test(entry))) await rm(path.join(admin, 'index'), { force: true });
}

export async function checkOut(git: RunGit, place: string, commit: CommitId): Promise<void> {
  // Forced: it also ends a merge that is under way. Nobody's work is in here.
  await git(['checkout', '--quiet', '--force', '--detach', '--no-recurse-submodules', commit], {
    cwd: place,
  });
  await git(['clean', '--quiet', '-ffdx'], { cwd: place });
}

/** Only called in our turn, so a lock's owner is an earlier process, or one that was killed. */
async function dropStaleLock(lock: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(lock);
    const fromBefore = mtimeMs < performance.timeOrigin;
    if (fromBefore || Date.now() - mtimeMs > abandonedMs) await rm(lock, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
