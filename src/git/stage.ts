import { type RunGit, listOf } from './run.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * `add -A` that leaves foreign repositories alone: a clone inside a worktree would be recorded as a link to a commit
 * that exists nowhere else, and one without commits makes git refuse everything. A repository that is recorded already
 * (a submodule) is recorded again where it stands, but never looked into: `add` would run git in there, and with it
 * what that repository's configuration says.
 */
export async function stageAll(git: RunGit, worktree: string, env: Environment = {}): Promise<void> {
  const options = { cwd: worktree, env };
  const args = ['ls-files', '-t', '--stage', '--others', '--exclude-standard', '-z'];
  const entries = await listOf(git, args, options);
  const links = linksAmong(entries);
  // Git lists an untracked file without, a repository with a slash at its end.
  const foreign = entries.filter((entry) => /^\? .*\/$/s.test(entry)).map((entry) => entry.slice(2, -1));
  const paths = [':(top)', ...[...foreign, ...links].map((entry) => `:(top,exclude,literal)${entry}`)];
  await git(['add', '-A', '--pathspec-from-file=-', '--pathspec-file-nul'], {
    ...options,
    input: paths.join('\0'),
  });
  if (links.length === 0) return;
  const input = links.map((link) => `${link}\0`).join('');
  await git(['update-index', '--remove', '-z', '--stdin'], { ...options, input });
}

/** Paths at which the index holds a commit of another repository. */
export async function linksIn(git: RunGit, worktree: string): Promise<readonly string[]> {
  return linksAmong(await listOf(git, ['ls-files', '-t', '--stage', '-z'], { cwd: worktree }));
}

/** A letter, mode, object and stage come before each path. */
function linksAmong(entries: readonly string[]): readonly string[] {
  const links = entries.filter((entry) => /^[^?] 160000 /.test(entry));
  return [...new Set(links.map((entry) => entry.slice(entry.indexOf('\t') + 1)))];
}
