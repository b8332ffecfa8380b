import type { LandingMessage, MergeResult, Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { commitTree } from './authors.ts';
import { identityFor } from './identity.ts';
import { messageText } from './landingMessage.ts';
import { hunksOf, mergeTree } from './mergeTree.ts';
import { treeAt } from './refs.ts';
import type { RunGit } from './run.ts';
import { withScratchObjects } from './scratchObjects.ts';

/** Merges, on top of what landed, the way back to before it with the way on to `onto`. */
export async function revertOnto(
  git: RunGit,
  repository: Repository,
  onto: CommitId,
  landing: { readonly before: CommitId; readonly landed: CommitId },
  message: LandingMessage,
  at: number,
): Promise<MergeResult> {
  const [identity, now, before] = await Promise.all([
    identityFor(git, repository.root),
    treeAt(git, repository, onto),
    treeAt(git, repository, landing.before),
  ]);
  return withScratchObjects(repository, async (scratch): Promise<MergeResult> => {
    const env = scratch.besides;
    const ours = await scratch.commit(now, landing.landed);
    const back = await scratch.commit(before, landing.landed);
    const { tree, conflicts } = await mergeTree(git, repository, { ours, theirs: back, onto, env });
    if (conflicts !== null) {
      const hunks = await hunksOf(git, repository, { tree, conflicts }, [ours, back], env);
      const named = hunks.replaceAll(ours, onto).replaceAll(back, landing.before);
      return { ok: false, files: conflicts.files, hunks: named };
    }
    if (tree === now) return { ok: true, commit: onto, tree, empty: true };
    const made = { tree, parents: [onto], message: messageText(message), author: null, identity, at };
    return { ok: true, commit: await commitTree(git, repository, made), tree, empty: false };
  });
}
