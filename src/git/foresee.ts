import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { files } from './history.ts';
import { filesIn, isUnrelated, mergeTreeArgs } from './mergeTree.ts';
import { mergeBase } from './refs.ts';
import { type RunGit, listOf } from './run.ts';
import { withScratchObjects } from './scratchObjects.ts';

type Pair = readonly [CommitId, CommitId];
type Conflicting = readonly string[];

export async function foresee(
  git: RunGit,
  repository: Repository,
  pairs: readonly Pair[],
): Promise<readonly Conflicting[]> {
  if (pairs.length === 0) return [];
  try {
    return await mergeAll(git, repository, pairs);
  } catch (error) {
    // It ends the whole process, without saying which pair it was.
    if (!isUnrelated(error)) throw error;
    return apart(git, repository, pairs);
  }
}

/**
 * In one process, which answers once it has read all of them. What it makes goes where nobody keeps it and so need not
 * be on the disk; in the repository it would be taken for written when it lands.
 */
async function mergeAll(
  git: RunGit,
  repository: Repository,
  pairs: readonly Pair[],
): Promise<readonly Conflicting[]> {
  return withScratchObjects(repository, async (scratch) => {
    const args = [
      '-c',
      'core.fsync=none',
      ...mergeTreeArgs(repository, repository.commonDir, '--no-messages', '--stdin'),
    ];
    const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('');
    const fields = await listOf(git, args, { cwd: repository.root, env: scratch.instead, input });
    return answersIn(fields, pairs);
  });
}

/** Each: 1 when it is clean, the tree, the files that conflict, and an empty field. */
function answersIn(fields: readonly string[], pairs: readonly Pair[]): readonly Conflicting[] {
  let at = 0;
  const answers = pairs.map((pair) => {
    while (fields[at] === '') at += 1;
    const status = fields[at];
    const end = fields.indexOf('', at);
    const names = fields.slice(at + 2, end < 0 ? fields.length : end);
    at = end < 0 ? fields.length : end + 1;
    if (status !== '0' && status !== '1')
      throw new GitError('failed', 'Git did not merge a pair.', pair.join(' '));
    return status === '1' ? [] : filesIn(names, pair);
  });
  return answers;
}

async function apart(
  git: RunGit,
  repository: Repository,
  pairs: readonly Pair[],
): Promise<readonly Conflicting[]> {
  const answers = new Map<Pair, Conflicting>();
  const related: Pair[] = [];
  for (const pair of pairs) {
    if ((await mergeBase(git, repository, ...pair)) === null)
      answers.set(pair, await differing(git, repository, pair));
    else related.push(pair);
  }
  const merged = related.length === 0 ? [] : await mergeAll(git, repository, related);
  related.forEach((pair, index) => answers.set(pair, merged[index] ?? []));
  return pairs.map((pair) => answers.get(pair) ?? []);
}

/** What could not be merged is never named as clean, also where all files happen to be the same. */
async function differing(git: RunGit, repository: Repository, [a, b]: Pair): Promise<Conflicting> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', a, b];
  const names = await listOf(git, args, { cwd: repository.root });
  return names.length > 0 ? names : files(git, repository, b);
}
