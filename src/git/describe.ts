import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import { realPlace } from './place.ts';
import { remotesOf, versionOf } from './reader.ts';
import { type RunGit, lineOf } from './run.ts';
import { worktreesOf } from './worktrees.ts';

/** The first git with `merge-tree --write-tree`, which proves a merge without touching a file. */
const oldest = { major: 2, minor: 38 };

export interface DescribeParts {
  readonly git: RunGit;
  readonly file: string;
}

/** Finds the repository a folder belongs to: the folder may be its top, below it, or in a worktree of it. */
export async function describe(parts: DescribeParts, folder: string): Promise<Repository> {
  const { git, file } = parts;
  const cwd = await existing(folder);
  await assertVersion(file, cwd);
  const { commonDir, gitDir } = await gitDirs(git, cwd);
  const [main] = await worktreesOf(git, cwd);
  if (main === undefined || main.bare) throw new GitError('bare', `${commonDir} is a bare repository.`);
  const root = await realPlace(await mainRoot(git, { cwd, commonDir, gitDir, listed: main.path }));
  const born = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    cwd: root,
    answers: [0, 1],
  });
  if (born.code !== 0) throw new GitError('no_commit', `${root} has no commit yet.`);
  return { commonDir, root, branch: main.branch, remote: await remoteOf(parts, root, main.branch) };
}

async function existing(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new GitError('not_a_repository', `There is no folder ${folder}.`);
  return realpath(found.isDirectory() ? folder : path.dirname(folder));
}

/** Asked each time: the person may install or replace git while the window is open. */
async function assertVersion(file: string, cwd: string): Promise<void> {
  const version = await versionOf(file, cwd);
  if (version === null) throw new GitError('git_missing', `The program ${file} was not found.`);
  const { major, minor } = version;
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  const needed = `${String(oldest.major)}.${String(oldest.minor)}`;
  throw new GitError('git_too_old', `Git ${version.words} was found; Rigs needs ${needed} or newer.`);
}

async function gitDirs(git: RunGit, cwd: string): Promise<{ commonDir: string; gitDir: string }> {
  const args = ['rev-parse', '--path-format=absolute', '--git-common-dir', '--absolute-git-dir'];
  const ran = await git(args, { cwd, answers: [0, 128] });
  if (ran.code !== 0) {
    const none = /not a git repository/i.test(ran.stderr);
    const words = none ? `${cwd} is not in a git repository.` : `Git refuses to read ${cwd}.`;
    throw new GitError(none ? 'not_a_repository' : 'failed', words, ran.stderr.trim());
  }
  const [commonDir = '', gitDir = ''] = ran.stdout.toString('utf8').split('\n');
  return { commonDir: await realpath(commonDir), gitDir: await realpath(gitDir) };
}

/** Git's list derives the main worktree from the git folder's name, which is wrong for a submodule's. */
async function mainRoot(
  git: RunGit,
  found: { cwd: string; commonDir: string; gitDir: string; listed: string },
): Promise<string> {
  const { cwd, commonDir, gitDir, listed } = found;
  const inside = await lineOf(git, ['rev-parse', '--is-inside-work-tree'], { cwd });
  if (gitDir === commonDir && inside === 'true')
    return lineOf(git, ['rev-parse', '--show-toplevel'], { cwd });
  if ((await realPlace(listed)) !== commonDir) return listed;
  return lineOf(git, ['rev-parse', '--show-toplevel'], { cwd: commonDir });
}

/** The remote the branch follows, else `origin`, else the only one there is. */
async function remoteOf(parts: DescribeParts, root: string, branch: string | null): Promise<string | null> {
  const remotes = await remotesOf(parts.file, root);
  const args = ['config', '--get', `branch.${branch ?? ''}.remote`];
  const followed = branch === null ? '' : await lineOf(parts.git, args, { cwd: root, answers: [0, 1] });
  if (remotes.includes(followed)) return followed;
  if (remotes.includes('origin')) return 'origin';
  return remotes.length === 1 ? (remotes[0] ?? null) : null;
}
