import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { identityFor } from './identity.ts';
import { dropOwnFile } from './ownFile.ts';
import { isMissing } from './place.ts';
import { commitFrom, headOf, moveRefs, refsAt, refsBelow } from './refs.ts';
import { type RunGit, lineOf } from './run.ts';
import { stageAll } from './stage.ts';

/** Where work is kept that no branch holds; a ref below it keeps its commits from ever being collected. */
export const savedRefs = 'refs/rigs/saved/';
const tries = 20;

/** Keeps a commit under `refs/rigs/saved/<name>/<n>` and returns that ref; one that holds it already serves too. */
export async function saveCommit(
  git: RunGit,
  repository: Repository,
  name: string,
  commit: CommitId,
): Promise<string> {
  const prefix = `${savedRefs}${name}`;
  const [standing] = await refsAt(git, repository, commit, `${prefix}/`);
  if (standing !== undefined) return standing;
  const used = (await refsBelow(git, repository, `${prefix}/`)).map((ref) => Number(ref.split('/').at(-1)));
  const first = Math.max(0, ...used.filter(Number.isSafeInteger)) + 1;
  for (let n = first; n < first + tries; n += 1) {
    const ref = `${prefix}/${String(n)}`;
    if (await moveRefs(git, repository, [{ ref, from: null, to: commit }], 'rigs: save')) return ref;
  }
  throw new GitError('failed', `Nothing could be saved below ${prefix}.`);
}

/**
 * Everything in a worktree that is not ignored, as a commit on top of its HEAD; HEAD itself when there is nothing
 * more. Works in an index of its own: the worktree, its index, its branch and a merge under way stay as they are.
 */
export async function snapshot(
  git: RunGit,
  worktree: string,
  admin: string,
  message: string,
): Promise<CommitId> {
  const head = await headOf(git, worktree);
  const tree = await treeOf(git, worktree, admin);
  if (tree === head.tree) return head.commit;
  const env = await identityFor(git, worktree);
  const args = ['commit-tree', tree, '-p', head.commit, '-F', '-'];
  return commitFrom(await lineOf(git, args, { cwd: worktree, input: message, env }));
}

/** The tree of everything in a worktree that is not ignored, by an index of its own. */
export async function treeOf(git: RunGit, worktree: string, admin: string): Promise<string> {
  const index = path.join(admin, `rigs-snapshot-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    // A copy knows which files are unchanged, so that only changed ones are read.
    await copyFile(path.join(admin, 'index'), index).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await stageAll(git, worktree, env);
    return await lineOf(git, ['write-tree'], { cwd: worktree, env });
  } finally {
    await dropOwnFile(index);
    await dropOwnFile(`${index}.lock`);
  }
}
