import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { Batches } from '../system/batches.ts';
import { dropRef } from './dropRef.ts';
import { exists, realPlace } from './place.ts';
import { moveRefs, tipOf } from './refs.ts';
import type { RunGit } from './run.ts';
import { saveCommit } from './saved.ts';
import { worktreesOf } from './worktrees.ts';

/** Branches below this are Rigs' own to reuse; every other is a person's. */
export const ownBranches = 'polecat/';

interface NewBranch {
  readonly branch: string;
  readonly base: CommitId;
  made: Promise<boolean>;
}

/** Makes branches that are not there yet, for polecats that start together in one transaction. */
export class NewBranches {
  readonly #batches = new Map<string, Batches<NewBranch>>();

  /** False when it was there already, or another took its name meanwhile. */
  async make(git: RunGit, repository: Repository, branch: string, base: CommitId): Promise<boolean> {
    const { commonDir } = repository;
    const batches =
      this.#batches.get(commonDir) ?? new Batches<NewBranch>((batch) => makeAll(git, repository, batch));
    this.#batches.set(commonDir, batches);
    const wanted = { branch, base, made: Promise.resolve(false) };
    await batches.add(wanted);
    return wanted.made;
  }
}

/** One that cannot be made does not keep the others from it. */
async function makeAll(git: RunGit, repository: Repository, batch: readonly NewBranch[]): Promise<void> {
  const makes = (those: readonly NewBranch[]): Promise<boolean> => {
    const moves = those.map(({ branch, base }) => ({ ref: `refs/heads/${branch}`, from: null, to: base }));
    return moveRefs(git, repository, moves, why);
  };
  const all = makes(batch);
  const [ended] = await Promise.allSettled([all]);
  const together = batch.length === 1 || (ended.status === 'fulfilled' && ended.value);
  for (const one of batch) {
    one.made = together ? all : makes([one]);
    await Promise.allSettled([one.made]);
  }
}

const why = 'rigs: a new worktree';

interface Wanted {
  /** The worktree it is for. */
  readonly path: string;
  readonly base: CommitId;
}

/**
 * Makes the branch at `base`, or adopts it there. A retired polecat's branch of the same name is saved and moved. Not
 * left to `git worktree add -b`, which asks for no lease.
 */
export async function readyBranch(
  git: RunGit,
  repository: Repository,
  branch: string,
  { path, base }: Wanted,
): Promise<'made' | 'adopted'> {
  const ref = `refs/heads/${branch}`;
  // Nearly always it is not there, which to ask first would take as long as to make it.
  if (await moveRefs(git, repository, [{ ref, from: null, to: base }], why)) return 'made';
  const tip = await tipOf(git, repository, ref);
  if (tip === null) throw new GitError('locked', `The branch ${branch} came and went.`);
  const user = await userOf(git, repository, branch, path);
  if (user !== null) throw taken(branch, `checked out in ${user}`);
  if (tip.commit === base) return 'adopted';
  if (!branch.startsWith(ownBranches)) throw taken(branch, 'a branch with other commits');
  await saveCommit(git, repository, branch, tip.commit);
  if (await moveRefs(git, repository, [{ ref, from: tip.commit, to: base }], why)) return 'adopted';
  throw new GitError('locked', `The branch ${branch} moved meanwhile.`);
}

/** Another worktree that has it checked out and still stands. */
async function userOf(
  git: RunGit,
  repository: Repository,
  branch: string,
  but: string,
): Promise<string | null> {
  const own = await realPlace(but);
  for (const one of await worktreesOf(git, repository.root)) {
    if (one.branch !== branch || (await realPlace(one.path)) === own) continue;
    if (await exists(one.path)) return one.path;
  }
  return null;
}

/** Takes a branch away that a call made and could not use; one that moved on is somebody's work. */
export async function dropUnused(
  git: RunGit,
  repository: Repository,
  branch: string,
  base: CommitId,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const tip = await tipOf(git, repository, ref);
  if (tip?.commit !== base) return;
  if ((await worktreesOf(git, repository.root)).some((one) => one.branch === branch)) return;
  await dropRef(git, repository, ref, base);
}

function taken(what: string, by: string): GitError {
  return new GitError('taken', `${what} is taken: ${by}.`);
}
