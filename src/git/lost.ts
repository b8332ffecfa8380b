import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { identityFor } from './identity.ts';
import { keptRefs } from './keep.ts';
import { commitFrom } from './refs.ts';
import { type RunGit, lineOf, textOf } from './run.ts';
import { textIn } from './worktrees.ts';

const isId = /^[0-9a-f]{40,64}$/;

/** Every commit that a worktree's HEAD and branch have ever been at, by git's own notes and logs of them. */
export async function everyTip(
  git: RunGit,
  repository: Repository,
  admin: string,
  branch: string | null,
): Promise<readonly CommitId[]> {
  const logs = [path.join(admin, 'logs', 'HEAD')];
  if (branch !== null)
    logs.push(path.join(repository.commonDir, 'logs', 'refs', 'heads', ...branch.split('/')));
  const ids = new Set<string>();
  for (const name of ['HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD']) {
    for (const id of ((await textIn(path.join(admin, name))) ?? '').split('\n'))
      if (isId.test(id)) ids.add(id);
  }
  for (const log of logs) {
    for (const line of ((await textIn(log)) ?? '').split('\n')) {
      for (const id of line.split(' ').slice(0, 2)) if (isId.test(id)) ids.add(id);
    }
  }
  return present(git, repository, [...ids]);
}

/** Those that git still has; the zeros before a first commit, and what was collected long ago, drop out. */
async function present(
  git: RunGit,
  repository: Repository,
  ids: readonly string[],
): Promise<readonly CommitId[]> {
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)'];
  const answer = await textOf(git, args, {
    cwd: repository.root,
    input: ids.map((id) => `${id}\n`).join(''),
  });
  return answer
    .split('\n')
    .filter((line) => line.endsWith(' commit'))
    .map((line) => commitFrom(line.split(' ')[0] ?? ''));
}

/**
 * Those that no ref reaches, or one only that the queue will let go. Not `--all`, which also counts the HEAD of every worktree, the leaving one's too.
 */
export async function unreachable(
  git: RunGit,
  repository: Repository,
  commits: readonly CommitId[],
): Promise<readonly CommitId[]> {
  if (commits.length === 0) return [];
  const args = ['rev-list', '--stdin', '--not', `--exclude=${keptRefs}*`, '--glob=refs/*'];
  const input = commits.map((commit) => `${commit}\n`).join('');
  const reached = new Set((await textOf(git, args, { cwd: repository.root, input })).split('\n'));
  return commits.filter((commit) => reached.has(commit));
}

/** One commit that reaches all of these; itself when there is only one that the others lead to. */
export async function bundle(
  git: RunGit,
  repository: Repository,
  commits: readonly CommitId[],
): Promise<CommitId> {
  const args = ['merge-base', '--independent', ...commits];
  const tips = (await lineOf(git, args, { cwd: repository.root })).split('\n').map(commitFrom);
  const [first] = tips;
  if (first !== undefined && tips.length === 1) return first;
  const parents = tips.flatMap((tip) => ['-p', tip]);
  const env = await identityFor(git, repository.root);
  const made = [
    'commit-tree',
    `${String(first)}^{tree}`,
    ...parents,
    '-m',
    'Commits no branch holds any more',
  ];
  return commitFrom(await lineOf(git, made, { cwd: repository.root, env }));
}
