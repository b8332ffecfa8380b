import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { unreachable } from './lost.ts';
import { moveRefs } from './refs.ts';
import type { RunGit } from './run.ts';
import { savedRefs } from './saved.ts';

/**
 * The only way a ref of Rigs' own goes: false, and it stays, unless branches or tags of others hold its commits. A saved
 * ref does not count for them: nobody looks there, and the branch is what a person would look for.
 */
export async function dropRef(
  git: RunGit,
  repository: Repository,
  ref: string,
  at: CommitId,
): Promise<boolean> {
  const alone = await unreachable(git, repository, [at], [ref, `${savedRefs}*`]);
  if (alone.length > 0) return false;
  return moveRefs(git, repository, [{ ref, from: at, to: null }], 'rigs: no longer needed');
}
