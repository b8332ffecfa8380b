import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import type { CommitId } from '../town/ids.ts';
import { type NewBranches, dropUnused, readyBranch } from './ownBranch.ts';
import { dropOwnFile } from './ownFile.ts';
import { exists, isMissing } from './place.ts';
import { assertBranchName } from './refs.ts';
import { type RunGit, breathe, isRace, raceTries } from './run.ts';
import { commitAt, followMoved, takeSpare } from './takeSpare.ts';
import type { Turns } from '../system/turns.ts';
import { adminOf, initializing, readMark, worktreeAt, writeMark } from './worktrees.ts';

export interface NewWorktree {
  readonly path: string;
  /** Null: detached. */
  readonly branch: string | null;
  /** Makes the branch, for all that come at once together. */
  readonly branches?: NewBranches;
  readonly base: CommitId;
  /** Where one may be taken from that was made ahead. */
  readonly spares?: SpareRoom | undefined;
  /** Made ahead, for a polecat that does not exist yet. */
  readonly spare?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface SpareRoom {
  readonly folder: string;
  /**
   * Registrations of those that this process has checked out whole. What an earlier one left may lack files that a power
   * cut took, which git would take for deleted by the polecat.
   */
  readonly sound: Set<string>;
}

/**
 * Makes the branch, registers the worktree, then fills it. Registering writes what every other git command reads, so it
 * is done one at a time; filling is most of the work and touches nothing shared. A call that was interrupted is finished
 * by the next.
 */
export async function addWorktree(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  wanted: NewWorktree,
): Promise<void> {
  if (!path.isAbsolute(wanted.path)) throw new GitError('failed', `${wanted.path} is not an absolute path.`);
  if (wanted.branch !== null) await assertBranchName(git, repository.root, wanted.branch);
  const filled = (): Promise<void> =>
    turns.take(wanted.path, () => turns.heavy(() => fill(git, repository, wanted)));
  await turns.crowd(async (first) => {
    const made = await makeBranch(git, repository, wanted);
    const done = await turns.take(repository.commonDir, async () => {
      await register(git, turns, repository, wanted, made);
      // Of many that start at once one is ready as soon as if it were alone. Waiting in a turn for another could be
      // waiting for each other.
      if (!first || !turns.isFree(wanted.path)) return false;
      await filled();
      return true;
    });
    if (!done) await filled();
  });
}

/** Ahead of the turn, where nothing stands in the worktree's place. False: it is to be looked at. */
async function makeBranch(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<boolean> {
  const { branch, branches, base } = wanted;
  if (branch === null || branches === undefined || (await exists(wanted.path))) return false;
  return branches.make(git, repository, branch, base);
}

async function register(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  wanted: NewWorktree,
  hasBranch: boolean,
): Promise<void> {
  const { branch } = wanted;
  let made = hasBranch;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeFolder(path.dirname(wanted.path));
      // Looked at again on each try: a lost race may leave the branch, or nothing, or everything.
      const found = await look(git, repository, wanted);
      if (found === 'standing') return;
      if (branch !== null && !made) made = (await readyBranch(git, repository, branch, wanted)) === 'made';
      if (found === 'nothing') await add(git, turns, repository, wanted);
      return;
    } catch (error) {
      if (isRace(error) && attempt < raceTries) {
        await breathe(attempt);
        continue;
      }
      if (made && branch !== null) await dropUnused(git, repository, branch, wanted.base);
      throw error;
    }
  }
}

/** `spare`: one that a call took for this very worktree and could not finish. */
type Found = 'nothing' | 'spare' | 'standing';

/** What stands there already. Throws `taken` when it is not Rigs' to use. */
async function look(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<Found> {
  await followMoved(repository, wanted.path);
  const content = await contentOf(wanted.path);
  const admin = await adminOf(repository.commonDir, wanted.path);
  const listed = admin === null ? null : await worktreeAt(git, repository.root, wanted.path);
  if (listed === null || admin === null) {
    if (content !== null && content.length > 0) throw taken(wanted.path, 'something else');
    return 'nothing';
  }
  const mark = await readMark(admin);
  if (wanted.branch !== null && mark?.spare === true && content?.includes('.git') === true) return 'spare';
  if (listed.branch !== wanted.branch)
    throw taken(wanted.path, `a worktree of ${listed.branch ?? 'no branch'}`);
  if (content === null || content.length === 0) return 'nothing';
  if (!content.includes('.git')) throw taken(wanted.path, 'something else');
  const own = mark !== null || !(await exists(path.join(admin, 'index')));
  if (wanted.branch === null && !own) throw taken(wanted.path, 'a worktree that is not of Rigs');
  // Git locks what it is still making; a killed git leaves that lock behind.
  if (listed.locked === initializing) await dropOwnFile(path.join(admin, 'locked'));
  await writeMark(admin, { branch: wanted.branch, spare: wanted.spare ?? false });
  return 'standing';
}

async function add(git: RunGit, turns: Turns, repository: Repository, wanted: NewWorktree): Promise<void> {
  const { path: place, branch, base, spares } = wanted;
  if (spares !== undefined && branch !== null && (await takeSpare(turns, repository, spares.folder, place)))
    return;
  // A folder that went away without its registration: git wants to be told that the path is free.
  const lost = (await adminOf(repository.commonDir, place)) === null ? [] : ['--force'];
  const onto = branch === null ? ['--detach', place, base] : [place, branch];
  const args = ['worktree', 'add', '--no-checkout', ...lost, ...onto];
  await git(args, { cwd: repository.root, retryRace: false });
}

/** Checks the files out. Git writes the index last, so a worktree without one was never filled. */
async function fill(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<void> {
  const { path: place, branch, signal } = wanted;
  const admin = await adminOf(repository.commonDir, place);
  if (admin === null) throw new GitError('failed', `${place} has no registration.`);
  const mark = await readMark(admin);
  if (mark === null) await writeMark(admin, { branch, spare: wanted.spare ?? false });
  const changed = branch !== null && mark?.spare === true;
  if (!changed && (await exists(path.join(admin, 'index')))) return;
  // Nobody else has been told of this worktree, so a lock in it is a dead call's.
  await dropOwnFile(path.join(admin, 'index.lock'));
  const options = { cwd: place, ...(signal === undefined ? {} : { signal }) };
  if (!changed) {
    await git(['read-tree', '--reset', '-u', '--no-recurse-submodules', 'HEAD'], options);
    return;
  }
  await standOn(git, wanted, admin, branch);
  await writeMark(admin, { branch, spare: false });
}

/** Moves only the files that differ between the spare's commit and the branch's, and looks at none when none do. */
async function standOn(git: RunGit, wanted: NewWorktree, admin: string, branch: string): Promise<void> {
  const { path: cwd, base, spares } = wanted;
  const whole = spares?.sound.delete(admin) === true && (await commitAt(git, cwd, admin)) === base;
  if (whole) await git(['symbolic-ref', '-m', 'rigs: a polecat', 'HEAD', `refs/heads/${branch}`], { cwd });
  else await git(['checkout', '--quiet', '--force', '--no-recurse-submodules', branch, '--'], { cwd });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new GitError('failed', `${folder} cannot be made.`, String(codeOf(error)), { cause: error });
  }
}

async function contentOf(place: string): Promise<readonly string[] | null> {
  try {
    return await readdir(place);
  } catch (error) {
    if (isMissing(error) && codeOf(error) !== 'ENOTDIR') return null;
    if (codeOf(error) === 'ENOTDIR') throw taken(place, 'a file');
    throw error;
  }
}

function taken(what: string, by: string): GitError {
  return new GitError('taken', `${what} is taken: ${by}.`);
}
