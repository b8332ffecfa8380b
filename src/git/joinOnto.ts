import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { commitTree } from './authors.ts';
import { identityFor } from './identity.ts';
import { treeAt } from './refs.ts';
import type { RunGit } from './run.ts';

/** In memory, and the same each time: the files are those of `commit`, the history is that of both. */
export async function joinOnto(
  git: RunGit,
  repository: Repository,
  before: CommitId,
  commit: CommitId,
  at: number,
): Promise<CommitId> {
  const [identity, tree] = await Promise.all([
    identityFor(git, repository.root),
    treeAt(git, repository, commit),
  ]);
  const message = 'Work that was begun anew goes on here\n';
  return commitTree(git, repository, {
    tree,
    parents: [before, commit],
    message,
    author: null,
    identity,
    at,
  });
}
