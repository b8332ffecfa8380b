import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { dropStaleLocks } from './locks.ts';
import { endReplay, endWaiting } from './middle.ts';
import { adminOf } from './worktrees.ts';
import { assertBranchName, assertLease, isAncestor, moveRefs, tipOf } from './refs.ts';
import { type RunGit, lineOf } from './run.ts';
import { saveCommit, snapshot, treeOf } from './saved.ts';

/**
 * Takes a polecat's work onto a newer target, as uncommitted changes. The branch moves last: until then the work is in
 * its old commits and under the saved ref, and a second call starts over from what it finds.
 */
export async function reapply(
  git: RunGit,
  repository: Repository,
  worktree: string,
  branch: string,
  onto: CommitId,
): Promise<{ readonly conflicts: readonly string[] }> {
  await assertBranchName(git, repository.root, branch);
  const admin = await adminOf(repository.commonDir, worktree);
  if (admin === null) throw new GitError('taken', `${worktree} is not a worktree of this repository.`);
  await assertLease(git, repository);
  await dropStaleLocks(admin, { alone: false });
  const ref = `refs/heads/${branch}`;
  const tip = await tipOf(git, repository, ref);
  if (tip === null) throw new GitError('no_branch', `There is no branch ${branch}.`);
  const work = await snapshot(git, worktree, admin, `Work of ${branch} before it met a newer target\n`);
  const saved = await saveCommit(git, repository, branch, work);
  // An agent may have left its branch behind; what only that holds is kept beside.
  if (!(await isAncestor(git, repository, tip.commit, work))) {
    await saveCommit(git, repository, branch, tip.commit);
  }
  const merged = await mergedTree(git, repository, onto, saved);
  await assertLease(git, repository);
  await leaveMiddle(git, worktree, admin, ref);
  await assertSaved(git, worktree, admin, work);
  await git(['read-tree', '--reset', '-u', merged.tree], { cwd: worktree });
  if (
    !(await moveRefs(git, repository, [{ ref, from: tip.commit, to: onto }], 'rigs: onto a newer target'))
  ) {
    throw new GitError('locked', `The branch ${branch} moved meanwhile.`);
  }
  // Only the index: the merged files stay, and count as changes nobody has committed. Not `reset`, which writes the
  // branch that is checked out, and the agent may have switched meanwhile.
  await git(['read-tree', '--reset', onto], { cwd: worktree });
  return { conflicts: merged.conflicts };
}

/** Throws `locked` when files are no longer as they were saved; the next call saves them as they are then. */
async function assertSaved(git: RunGit, worktree: string, admin: string, work: CommitId): Promise<void> {
  const saved = await lineOf(git, ['rev-parse', `${work}^{tree}`], { cwd: worktree });
  if ((await treeOf(git, worktree, admin)) === saved) return;
  throw new GitError('locked', `Files keep changing in ${worktree}.`);
}

/** Merged in memory; conflicting files get their markers in the tree itself. */
async function mergedTree(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  work: string,
): Promise<{ readonly tree: string; readonly conflicts: readonly string[] }> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', onto, work];
  const ran = await git(args, { cwd: repository.root, answers: [0, 1] });
  const [tree = '', ...names] = ran.stdout.toString('utf8').split('\0');
  return { tree, conflicts: [...new Set(names.filter((name) => name !== ''))] };
}

/** Ends a rebase or merge the agent was in the middle of, and stands on its branch again; files stay. */
async function leaveMiddle(git: RunGit, worktree: string, admin: string, ref: string): Promise<void> {
  await endReplay(admin);
  await endWaiting(admin);
  const head = await lineOf(git, ['symbolic-ref', '--quiet', 'HEAD'], { cwd: worktree, answers: [0, 1] });
  if (head !== ref)
    await git(['symbolic-ref', '-m', 'rigs: back to the branch', 'HEAD', ref], { cwd: worktree });
}
