import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { exists, isMissing } from './place.ts';
import { assertBranchName, moveRefs, tipOf } from './refs.ts';
import { type RunGit, breathe, isRace, raceTries } from './run.ts';
import { saveCommit } from './saved.ts';
import type { Turns } from './turns.ts';
import { adminOf, readMark, worktreeAt, worktreesOf, writeMark } from './worktrees.ts';

/** Branches below this are Rigs' own to reuse; every other is a person's. */
const ownBranches = 'polecat/';

export interface NewWorktree {
  readonly path: string;
  /** Null: detached. */
  readonly branch: string | null;
  readonly base: CommitId;
}

/**
 * Registers the worktree, then fills it. Registering writes what every other git command reads, so it is done one at
 * a time; filling is most of the work and touches nothing shared. A call that was interrupted is finished by the next.
 */
export async function addWorktree(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  wanted: NewWorktree,
): Promise<void> {
  if (!path.isAbsolute(wanted.path)) throw new GitError('failed', `${wanted.path} is not an absolute path.`);
  if (wanted.branch !== null) await assertBranchName(git, repository.root, wanted.branch);
  await turns.take(repository.commonDir, () => register(git, repository, wanted));
  await turns.take(wanted.path, () => fill(git, repository, wanted.path));
}

async function register(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<void> {
  await mkdir(path.dirname(wanted.path), { recursive: true });
  const before = wanted.branch === null ? null : await tipOf(git, repository, `refs/heads/${wanted.branch}`);
  for (let attempt = 1; ; attempt += 1) {
    // Looked at again on each try: a lost race may leave the branch, or nothing, or everything.
    if (await adopts(git, repository, wanted)) return;
    try {
      await add(git, repository, wanted);
      return;
    } catch (error) {
      if (isRace(error) && attempt < raceTries) {
        await breathe(attempt);
        continue;
      }
      if (before === null) await dropLeftover(git, repository, wanted);
      throw error;
    }
  }
}

/** True when it stands there already. Throws `taken` when something else does. */
async function adopts(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<boolean> {
  const listed = await worktreeAt(git, repository.root, wanted.path);
  const content = await contentOf(wanted.path);
  const admin = await adminOf(repository.commonDir, wanted.path);
  if (listed === null || admin === null) {
    if (content !== null && content.length > 0) throw taken(wanted.path, 'something else');
    return false;
  }
  if (listed.branch !== wanted.branch)
    throw taken(wanted.path, `a worktree of ${listed.branch ?? 'no branch'}`);
  if (content === null || content.length === 0) return false;
  if (!content.includes('.git')) throw taken(wanted.path, 'something else');
  const own = (await readMark(admin)) !== null || !(await exists(path.join(admin, 'index')));
  if (wanted.branch === null && !own) throw taken(wanted.path, 'a worktree that is not of Rigs');
  // Git locks what it is still making; a killed git leaves that lock behind.
  if (listed.locked === 'initializing') await rm(path.join(admin, 'locked'), { force: true });
  await writeMark(admin, { branch: wanted.branch });
  return true;
}

async function add(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<void> {
  const { path: place, branch, base } = wanted;
  const cwd = repository.root;
  // A folder that went away without its registration: git wants to be told that the path is free.
  const lost = (await adminOf(repository.commonDir, place)) === null ? [] : ['--force'];
  const common = ['worktree', 'add', '--no-checkout', ...lost];
  const options = { cwd, retryRace: false };
  if (branch === null) {
    await git([...common, '--detach', place, base], options);
  } else if (await branchStands(git, repository, branch, base)) {
    await git([...common, place, branch], options);
  } else {
    await git([...common, '--no-track', '-b', branch, place, base], options);
  }
  const admin = await adminOf(repository.commonDir, place);
  if (admin === null) throw new GitError('failed', `Git did not register ${place}.`);
  await writeMark(admin, { branch });
}

/** True when the branch is there at `base`. A retired polecat's branch of the same name is saved and moved there. */
async function branchStands(
  git: RunGit,
  repository: Repository,
  branch: string,
  base: CommitId,
): Promise<boolean> {
  const tip = await tipOf(git, repository, `refs/heads/${branch}`);
  if (tip === null) return false;
  const user = (await worktreesOf(git, repository.root)).find((one) => one.branch === branch);
  const lost = user !== undefined && (await contentOf(user.path)) === null;
  if (user !== undefined && !lost) throw taken(branch, `checked out in ${user.path}`);
  if (tip.commit === base) return true;
  if (!branch.startsWith(ownBranches)) throw taken(branch, 'a branch with other commits');
  await saveCommit(git, repository, branch, tip.commit);
  const move = { ref: `refs/heads/${branch}`, from: tip.commit, to: base };
  if (await moveRefs(git, repository, [move], 'rigs: reuse a name')) return true;
  throw new GitError('locked', `The branch ${branch} moved meanwhile.`);
}

/** Removes a branch that this call made and could not use; one that moved on is somebody's work. */
async function dropLeftover(git: RunGit, repository: Repository, wanted: NewWorktree): Promise<void> {
  if (wanted.branch === null) return;
  const ref = `refs/heads/${wanted.branch}`;
  const tip = await tipOf(git, repository, ref);
  if (tip?.commit !== wanted.base) return;
  if ((await worktreesOf(git, repository.root)).some((one) => one.branch === wanted.branch)) return;
  await moveRefs(git, repository, [{ ref, from: wanted.base, to: null }], 'rigs: unused');
}

/** Checks the files out. Git writes the index last, so a worktree without one was never filled. */
async function fill(git: RunGit, repository: Repository, place: string): Promise<void> {
  const admin = await adminOf(repository.commonDir, place);
  if (admin === null) throw new GitError('failed', `${place} lost its registration.`);
  if (await exists(path.join(admin, 'index'))) return;
  // Nobody else has been told of this worktree, so a lock in it is a dead call's.
  await rm(path.join(admin, 'index.lock'), { force: true });
  await git(['reset', '--hard', '--quiet', '--no-recurse-submodules'], { cwd: place });
}

async function contentOf(place: string): Promise<readonly string[] | null> {
  try {
    return await readdir(place);
  } catch (error) {
    if (isMissing(error)) return null;
    const isFile = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    if (isFile) throw taken(place, 'a file');
    throw error;
  }
}

function taken(what: string, by: string): GitError {
  return new GitError('taken', `${what} is taken: ${by}.`);
}
