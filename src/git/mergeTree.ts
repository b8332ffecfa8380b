import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitError, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { cutText } from './cut.ts';
import { show } from './history.ts';
import type { RunGit } from './run.ts';
import { withScratchFolder } from './scratchObjects.ts';

/** Two commits merged, as a tree; in one with conflicts the files have their markers. */
export interface MergedTree {
  readonly tree: string;
  /** Null when it merged cleanly. */
  readonly conflicts: Conflicts | null;
}

export interface Conflicts {
  readonly files: readonly string[];
  /** Git's line about each. */
  readonly words: string;
}

export type Environment = Readonly<Record<string, string>>;

const hunksLimit = 60_000;
const wordsLimit = 4_000;

const attributes = '.gitattributes';

/**
 * What a merge depends on is in the commits: run in a folder that is no worktree, it does not see the `.gitattributes`
 * that somebody is editing. Line ends are evened out by the attributes at the top, so that a branch that did is no
 * conflict everywhere; the person's own `core.autocrlf` has no say in what lies in the repository. Large files stay
 * pointers.
 */
export function mergeTreeArgs(
  { commonDir }: Repository,
  folder: string,
  ...more: readonly string[]
): readonly string[] {
  const settings = [
    'merge.renormalize=true',
    'core.autocrlf=false',
    'filter.lfs.process=',
    'filter.lfs.smudge=',
    'filter.lfs.clean=',
    'filter.lfs.required=false',
  ].flatMap((setting) => ['-c', setting]);
  const inside = ['-C', folder, `--git-dir=${commonDir}`];
  return [...inside, ...settings, 'merge-tree', '--write-tree', '--name-only', '-z', ...more];
}

interface Merge {
  readonly ours: CommitId;
  readonly theirs: CommitId;
  /** Whose attributes hold. */
  readonly onto: CommitId;
  readonly env?: Environment;
}

/** Throws `failed` when the two have no common history. */
export async function mergeTree(git: RunGit, repository: Repository, merge: Merge): Promise<MergedTree> {
  const merged = await mergeIn(git, repository, merge, repository.commonDir);
  if (merged.conflicts === null) return merged;
  // Of attributes that only one side has, git sees theirs and not ours (to 2.39 at least): it may be for that only.
  const text = await show(git, repository, merge.onto, attributes);
  if (text === null) return merged;
  return withScratchFolder(async (folder) => {
    await writeFile(path.join(folder, attributes), text);
    const again = await mergeIn(git, repository, merge, folder);
    return again.conflicts === null ? again : merged;
  });
}

async function mergeIn(
  git: RunGit,
  repository: Repository,
  { ours, theirs, env = {} }: Merge,
  folder: string,
): Promise<MergedTree> {
  const args = mergeTreeArgs(repository, folder, '--messages', ours, theirs);
  try {
    const ran = await git(args, { cwd: repository.root, env, answers: [0, 1] });
    const [tree = '', ...rest] = ran.stdout.toString('utf8').split('\0');
    return { tree, conflicts: ran.code === 0 ? null : conflictsIn(rest, [ours, theirs]) };
  } catch (error) {
    if (!isUnrelated(error)) throw error;
    throw new GitError('failed', `${ours} and ${theirs} have no common history.`, '', { cause: error });
  }
}

export function isUnrelated(error: unknown): boolean {
  return GitError.is(error, 'failed') && error.detail.includes('unrelated histories');
}

/** File names up to an empty field; then each message: how many paths, the paths, its kind, its words. */
function conflictsIn(fields: readonly string[], sides: readonly [string, string]): Conflicts {
  const end = fields.indexOf('');
  const messages = end < 0 ? [] : fields.slice(end + 1);
  const words: string[] = [];
  for (let index = 0; index < messages.length;) {
    const paths = Number(messages[index]);
    if (messages[index] === '' || !Number.isSafeInteger(paths)) break;
    const text = messages[index + paths + 2] ?? '';
    if (text.startsWith('CONFLICT')) words.push(text);
    index += paths + 3;
  }
  const files = filesIn(end < 0 ? fields : fields.slice(0, end), sides);
  return { files, words: words.join('').slice(0, wordsLimit) };
}

/** A file that is in the way of a folder lies beside it as `<path>~<side>`; it is named as it is called. */
export function filesIn(names: readonly string[], sides: readonly string[]): readonly string[] {
  const plain = names.map((name) => {
    const side = sides.find((one) => name.includes(`~${one}`));
    return side === undefined ? name : name.slice(0, name.lastIndexOf(`~${side}`));
  });
  return [...new Set(plain)];
}

/** For the agent: git's words and the diff against both sides, with markers. */
export async function hunksOf(
  git: RunGit,
  repository: Repository,
  merged: { readonly tree: string; readonly conflicts: Conflicts },
  sides: readonly [CommitId, CommitId],
  env: Environment = {},
): Promise<string> {
  const args = ['diff', '--cc', '--no-ext-diff', '--no-textconv', '--no-color', merged.tree, ...sides];
  const ran = await git([...args, '--'], { cwd: repository.root, env, maxBytes: hunksLimit });
  return `${merged.conflicts.words}${cutText(ran.stdout, ran.cut, hunksLimit)}`;
}
