import { type RunGit, listOf } from './run.ts';

/**
 * `add -A` that leaves foreign repositories alone: a clone inside a worktree would be recorded as a link to a commit
 * that exists nowhere else, and one without commits makes git refuse everything. Registered submodules stay what they
 * are.
 */
export async function stageAll(
  git: RunGit,
  worktree: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = { cwd: worktree, env };
  const untracked = await listOf(git, ['ls-files', '--others', '--exclude-standard', '-z'], options);
  // Git lists a file without, a repository with a slash at its end.
  const foreign = untracked.filter((entry) => entry.endsWith('/'));
  const paths = [':(top)', ...foreign.map((entry) => `:(top,exclude,literal)${entry.slice(0, -1)}`)];
  await git(['add', '-A', '--pathspec-from-file=-', '--pathspec-file-nul'], {
    ...options,
    input: paths.join('\0'),
  });
}
