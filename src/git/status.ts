import { type RunGit, listOf } from './run.ts';

/**
 * Never looks into a repository inside the worktree: git would run its own `status` in there, under that repository's
 * configuration and without ours, and so a program of whoever put it there. By option, because a `.gitmodules` file
 * outweighs configuration.
 */
export const noLookInside = '--ignore-submodules=dirty';

/** Paths that are staged, changed, unmerged or untracked; of a renamed file both. */
export async function uncommitted(git: RunGit, worktree: string): Promise<readonly string[]> {
  const plain = ['--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', noLookInside];
  // Two letters and a space come before each path.
  return (await listOf(git, ['status', ...plain], { cwd: worktree })).map((entry) => entry.slice(3));
}
