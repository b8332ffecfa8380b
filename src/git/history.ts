import type { DiffStat, Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { cutText } from './cut.ts';
import { commitFrom } from './refs.ts';
import { type RunGit, listOf } from './run.ts';

/** No program of the repository's choosing gets to see or word a diff. */
const plainDiff = ['diff', '--no-ext-diff', '--no-textconv', '--no-color'];

export async function diffStat(
  git: RunGit,
  repository: Repository,
  from: CommitId,
  to: CommitId,
): Promise<DiffStat> {
  const args = [...plainDiff, '--numstat', '--no-renames', '-z', from, to, '--'];
  const rows = (await listOf(git, args, { cwd: repository.root })).map((row) => row.split('\t'));
  const sum = (column: number): number =>
    // A binary file counts as `-`.
    rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
  return {
    files: rows.map(([, , ...name]) => name.join('\t')),
    insertions: sum(0),
    deletions: sum(1),
  };
}

export async function diff(
  git: RunGit,
  repository: Repository,
  from: CommitId,
  to: CommitId,
  maxBytes: number,
): Promise<string> {
  const ran = await git([...plainDiff, from, to, '--'], { cwd: repository.root, maxBytes });
  return cutText(ran.stdout, ran.cut, maxBytes);
}

export async function log(
  git: RunGit,
  repository: Repository,
  from: CommitId,
  to: CommitId,
): Promise<readonly { readonly commit: CommitId; readonly subject: string }[]> {
  const args = ['log', '-z', '--format=%H %s', `${from}..${to}`, '--'];
  const lines = await listOf(git, args, { cwd: repository.root });
  return lines.map((line) => {
    const space = line.indexOf(' ');
    return { commit: commitFrom(line.slice(0, space)), subject: line.slice(space + 1) };
  });
}

export async function files(
  git: RunGit,
  repository: Repository,
  commit: CommitId,
): Promise<readonly string[]> {
  return listOf(git, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], { cwd: repository.root });
}

/** A file's text at a commit; null when there is no such file or it is binary. */
export async function show(
  git: RunGit,
  repository: Repository,
  commit: CommitId,
  path: string,
): Promise<string | null> {
  if (path === '' || path.includes('\0')) return null;
  const cwd = repository.root;
  const args = ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', commit, '--', path];
  for (const entry of await listOf(git, args, { cwd })) {
    const tab = entry.indexOf('\t');
    const [, type, blob = ''] = entry.slice(0, tab).split(' ');
    if (entry.slice(tab + 1) !== path || type !== 'blob') continue;
    const { stdout } = await git(['cat-file', 'blob', blob], { cwd });
    // The same look git takes: a zero byte early on means binary.
    return stdout.subarray(0, 8000).includes(0) ? null : stdout.toString('utf8');
  }
  return null;
}
