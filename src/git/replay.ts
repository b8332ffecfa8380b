import type { Repository } from '../ports/git.ts';
import type { ReadCommit } from './authors.ts';
import { type Conflicts, hunksOf, mergeTree } from './mergeTree.ts';
import { type RunGit, textOf } from './run.ts';
import { type ScratchObjects, withScratchObjects } from './scratchObjects.ts';

/** A commit's change on top of what came before it. */
export interface Step {
  readonly read: ReadCommit;
  readonly tree: string;
}

export type Replayed =
  | { readonly ok: true; readonly steps: readonly Step[] }
  | { readonly ok: false; readonly files: readonly string[]; readonly hunks: string };

/**
 * What each commit of a line changes, on top of `onto`; those that change nothing there drop out. One that conflicts
 * may be there already, in other words and changed since: only then is that looked for, since it reads every commit of
 * both sides.
 */
export async function replay(
  git: RunGit,
  repository: Repository,
  onto: ReadCommit,
  own: readonly ReadCommit[],
): Promise<Replayed> {
  return withScratchObjects(repository, async (scratch) => {
    const first = await replayAll(git, repository, scratch, onto, own);
    if (first.ok) return first;
    const head = own.at(-1)?.commit ?? onto.commit;
    const range = ['--cherry-pick', '--right-only', `${onto.commit}...${head}`, '--'];
    const listed = await textOf(git, ['rev-list', ...range], { cwd: repository.root });
    const unlike = new Set(listed.split('\n'));
    const rest = own.filter(({ commit }) => unlike.has(commit));
    return rest.length === own.length ? first : replayAll(git, repository, scratch, onto, rest);
  });
}

async function replayAll(
  git: RunGit,
  repository: Repository,
  scratch: ScratchObjects,
  onto: ReadCommit,
  own: readonly ReadCommit[],
): Promise<Replayed> {
  const env = scratch.besides;
  const trees = new Map([onto, ...own].map(({ commit, tree }) => [commit, tree]));
  const steps: Step[] = [];
  let tree = onto.tree;
  for (const read of own) {
    const [parent] = read.parents;
    if (parent === undefined) continue;
    // Nothing is under it but what it was made on.
    if (trees.get(parent) === tree) {
      if (read.tree !== tree) steps.push({ read, tree: read.tree });
      tree = read.tree;
      continue;
    }
    // A child of the commit's own parent: that is then the base of the merge, on every version of git.
    const ours = await scratch.commit(tree, parent);
    const merged = await mergeTree(git, repository, { ours, theirs: read.commit, onto: onto.commit, env });
    if (merged.conflicts !== null) {
      const conflicted = { tree: merged.tree, conflicts: merged.conflicts };
      const hunks = await hunksOf(git, repository, conflicted, [ours, read.commit], env);
      return conflictWith(merged.conflicts, hunks.replaceAll(ours, onto.commit));
    }
    if (merged.tree !== tree) steps.push({ read, tree: merged.tree });
    tree = merged.tree;
  }
  return { ok: true, steps };
}

function conflictWith({ files }: Conflicts, hunks: string): Replayed {
  return { ok: false, files, hunks };
}
