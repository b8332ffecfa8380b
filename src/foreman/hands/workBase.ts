import type { Git, Repository } from '../../ports/git.ts';
import type { CommitId } from '../../town/ids.ts';
import type { Polecat } from '../../town/polecat.ts';

/**
 * Where a polecat's own work begins. Not simply the merge base with the local target: work starts from the remote's
 * tip when that is ahead, and what others pushed there is no work of this polecat.
 */
export async function workBase(
  { git, repository }: { readonly git: Git; readonly repository: Repository },
  polecat: Polecat,
  target: string,
  head: CommitId,
): Promise<CommitId> {
  if ((await git.tip(repository, target)) === null) return polecat.base ?? head;
  const freshest = await git.freshestBase(repository, target);
  return (await git.mergeBase(repository, freshest, head)) ?? polecat.base ?? head;
}
