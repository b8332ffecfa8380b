import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { assertBranchName, moveRefs, tipOf } from './refs.ts';
import type { RunGit } from './run.ts';

/** By Rigs' own transaction and not `git branch`, which asks for no lease. Throws `bad_name`, `fenced`. */
export async function makeBranch(
  git: RunGit,
  repository: Repository,
  branch: string,
  commit: CommitId,
): Promise<boolean> {
  await assertBranchName(git, repository.root, branch);
  const ref = `refs/heads/${branch}`;
  if (await moveRefs(git, repository, [{ ref, from: null, to: commit }], 'rigs: a new branch')) return true;
  return (await tipOf(git, repository, ref))?.commit === commit;
}
