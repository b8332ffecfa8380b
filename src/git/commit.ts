import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { type GitDirs, gitDirsOf } from './gitDirs.ts';
import { identityFor } from './identity.ts';
import { dropStaleLocks } from './locks.ts';
import { endWaiting, mergedIn } from './middle.ts';
import { commitFrom, headOf, moveRefs } from './refs.ts';
import { type RunGit, breathe, lineOf } from './run.ts';
import { stageAll } from './stage.ts';
import { uncommitted } from './status.ts';

const tries = 5;

/**
 * Commits everything that is not ignored onto the worktree's HEAD, which has to be `branch` or detached; null when there
 * was nothing to commit. Not by `git commit`, which moves whatever branch is checked out, and does not ask whether this
 * rig's lease is still ours.
 */
export async function commitAll(
  git: RunGit,
  worktree: string,
  message: string,
  branch: string,
): Promise<CommitId | null> {
  const dirs = gitDirsOf(worktree);
  if (dirs === null) throw new GitError('not_a_repository', `${worktree} is no worktree.`);
  await dropStaleLocks(dirs.gitDir, { alone: false });
  for (let attempt = 1; ; attempt += 1) {
    // A merge that came to what stood there before is committed all the same: that it was made is what it says.
    const merged = await mergedIn(dirs.gitDir);
    if (merged.length === 0 && (await uncommitted(git, worktree)).length === 0) return null;
    // Before anything is read of it: one that is switched meanwhile is not where the move expects it.
    const ref = await headRef(git, worktree, branch, dirs);
    const head = await headOf(git, worktree);
    await stageAll(git, worktree);
    const tree = await lineOf(git, ['write-tree'], { cwd: worktree });
    if (merged.length === 0 && tree === head.tree) return null;
    const parents = [head.commit, ...merged].flatMap((one) => ['-p', one]);
    const env = await identityFor(git, worktree);
    // The message is an agent's title: by stdin it can be neither an option nor too long.
    const args = ['commit-tree', tree, ...parents, '-F', '-'];
    const made = await lineOf(git, args, { cwd: worktree, env, input: tidy(message) });
    const commit = commitFrom(made);
    const move = { ref, from: head.commit, to: commit };
    if (await moveRefs(git, asRepository(worktree, dirs), [move], `commit: ${subject(message)}`)) {
      await endWaiting(dirs.gitDir);
      return commit;
    }
    // The agent committed meanwhile: what is left is looked at again, on top of its commit.
    if (attempt === tries) throw new GitError('locked', `The branch keeps moving in ${worktree}.`);
    await breathe(attempt);
  }
}

/**
 * What has to move for HEAD to stand on a new commit: the worktree's own branch, or when detached its own HEAD. Throws
 * `taken` on any other branch: an agent that checked out a person's would have it moved to what nobody checked.
 */
async function headRef(
  git: RunGit,
  worktree: string,
  branch: string,
  { gitDir, commonDir }: GitDirs,
): Promise<string> {
  const args = ['symbolic-ref', '--quiet', 'HEAD'];
  const found = await lineOf(git, args, { cwd: worktree, answers: [0, 1] });
  if (found === '') return gitDir === commonDir ? 'HEAD' : `worktrees/${path.basename(gitDir)}/HEAD`;
  if (found === `refs/heads/${branch}`) return found;
  throw new GitError(
    'taken',
    `${worktree} stands on ${found.replace(/^refs\/heads\//, '')} instead of its own branch ${branch}. ` +
      `Nothing was committed; \`git switch ${branch}\` there brings the work back onto it.`,
  );
}

/** Moved from inside the worktree, so that the log of its own HEAD tells of it too. */
function asRepository(worktree: string, { commonDir }: GitDirs): Repository {
  return { commonDir, root: worktree, branch: null, remote: null };
}

/** As `git commit --cleanup=whitespace` leaves it. */
function tidy(message: string): string {
  const lines = message.replaceAll('\0', '').split(/\r?\n/);
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return `${text.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '')}\n`;
}

function subject(message: string): string {
  return (message.trimStart().split('\n')[0] ?? '').slice(0, 200);
}
