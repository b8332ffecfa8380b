import type { Repository } from '../ports/git.ts';
import { type RunGit, listOf } from './run.ts';

/**
 * Files new in `tree` whose name, or a folder's on the way, differs from another's only in case: two branches may each
 * bring one, and where the file system takes both for one, no worktree could hold them.
 */
export async function caseClashes(
  git: RunGit,
  { root }: Repository,
  before: string,
  tree: string,
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=A', before, tree];
  const added = await listOf(git, args, { cwd: root });
  if (added.length === 0) return [];
  const spellings = new Map<string, Set<string>>();
  const all = await listOf(git, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree], { cwd: root });
  for (const one of all.flatMap(wayTo)) {
    const folded = fold(one);
    spellings.set(folded, (spellings.get(folded) ?? new Set()).add(one));
  }
  const clashing = added.flatMap(wayTo).flatMap((one) => [...(spellings.get(fold(one)) ?? [])]);
  const twice = clashing.filter((one) => (spellings.get(fold(one))?.size ?? 0) > 1);
  return [...new Set(twice)].toSorted();
}

/** A path and every folder on the way to it. */
function wayTo(file: string): readonly string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
