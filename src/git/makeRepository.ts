import { readdir } from 'node:fs/promises';
import { type RunGit, createRunGit } from './run.ts';

/**
 * Makes a folder a repository when it is none, and gives it a first commit when there is nothing yet that a person would
 * want in it. False: it has files and no commit, which is theirs to make. Throws `GitError`.
 */
export async function makeRepository(folder: string, git: RunGit = createRunGit('git')): Promise<boolean> {
  const known = await git(['rev-parse', '--git-dir'], { cwd: folder, answers: [0, 128] });
  if (known.code !== 0) await git(['init', '--quiet', '--template=', '-b', 'main'], { cwd: folder });
  const born = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], {
    cwd: folder,
    answers: [0, 1],
  });
  if (born.code === 0) return true;
  if ((await readdir(folder)).some((name) => name !== '.git')) return false;
  await git(['commit', '--quiet', '--allow-empty', '--message', 'First commit'], { cwd: folder });
  return true;
}
