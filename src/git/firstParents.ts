import type { BranchTip, Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { commitFrom } from './refs.ts';
import { type RunGit, listOf } from './run.ts';

/** The way a branch went, newest first and at most so many: each commit and the first parent it was made on. */
export async function firstParents(
  git: RunGit,
  { root }: Repository,
  tip: CommitId,
  most: number,
): Promise<readonly BranchTip[]> {
  const args = ['log', '-z', '--format=%H %T', '--first-parent', `--max-count=${String(most)}`, tip, '--'];
  const lines = await listOf(git, args, { cwd: root });
  return lines.map((line) => {
    const [commit = '', tree = ''] = line.split(' ');
    return { commit: commitFrom(commit), tree };
  });
}
