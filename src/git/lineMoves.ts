import type { FileMove, Repository } from '../ports/git.ts';
import { readHunks } from '../town/anchor.ts';
import type { CommitId } from '../town/ids.ts';
import { type RunGit, listOf, textOf } from './run.ts';

/** No program of the repository's choosing gets to see or word a diff. */
const plainDiff = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--find-renames'];

/** What became of files from one commit to another, in the order they are asked for. */
export async function lineMoves(
  git: RunGit,
  repository: Repository,
  [from, to]: readonly [CommitId, CommitId],
  paths: readonly string[],
): Promise<readonly FileMove[]> {
  if (from === to || paths.length === 0) return paths.map((path) => ({ path, hunks: [] }));
  // Of all files: looked at alone, a renamed one is one that went.
  const now = await names(git, repository, from, to);
  const moves: FileMove[] = [];
  for (const path of paths) {
    const next = now.get(path);
    if (next === undefined) moves.push({ path, hunks: [] });
    else if (next === null) moves.push({ path: null, hunks: [] });
    else {
      const args = ['--literal-pathspecs', ...plainDiff, '-U0', from, to, '--', path, next];
      moves.push({ path: next, hunks: readHunks(await textOf(git, args, { cwd: repository.root })) });
    }
  }
  return moves;
}

/** Files that changed, by their name at `from`; null: it went. Those that came have none. */
async function names(
  git: RunGit,
  repository: Repository,
  from: CommitId,
  to: CommitId,
): Promise<ReadonlyMap<string, string | null>> {
  const args = [...plainDiff, '--name-status', '-z', from, to, '--'];
  const fields = await listOf(git, args, { cwd: repository.root });
  const found = new Map<string, string | null>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [status = '', name = ''] = [fields[index], fields[index + 1]];
    if (status.startsWith('R')) {
      found.set(name, fields[index + 2] ?? null);
      index += 1;
    } else if (status === 'D') found.set(name, null);
    else if (status !== 'A') found.set(name, name);
  }
  return found;
}
