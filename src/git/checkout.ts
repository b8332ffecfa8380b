import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { GitError } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { type Change, changesBetween, hiddenFiles, indexLines, sortOut } from './changes.ts';
import { dropOwnFile } from './ownFile.ts';
import { exists } from './place.ts';
import { type RunGit, breathe, lineOf, listOf, textOf } from './run.ts';

/** A worktree, usually the person's own, that has the target checked out. */
export interface Checkout {
  readonly path: string;
}

const tries = 6;

/** Throws `locked` while the person's git is at work there, or a merge of theirs waits to be finished. */
export async function readyToFollow(git: RunGit, checkout: Checkout): Promise<void> {
  const cwd = checkout.path;
  const names = ['index.lock', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];
  const args = names.flatMap((name) => ['--git-path', name]);
  const places = (await lineOf(git, ['rev-parse', ...args], { cwd })).split('\n');
  for (const [index, place] of places.entries()) {
    if (!(await exists(path.resolve(cwd, place)))) continue;
    // Finished on top of a moved target, a merge would take back what just landed.
    const what = index === 0 ? 'Another git command is at work' : 'A merge is under way';
    throw new GitError('locked', `${what} in ${cwd}.`, `${names[index] ?? ''} exists.`);
  }
  const unmerged = await listOf(git, ['ls-files', '--unmerged', '-z'], { cwd });
  if (unmerged.length > 0) throw new GitError('locked', `A conflict waits to be resolved in ${cwd}.`);
}

/**
 * Brings a checkout from `onto` to `commit` whose branch has moved already. Files that the person changed, added or
 * took away keep exactly their content; they are returned, and stand as modified against the new commit. Staged
 * content stays staged.
 */
export async function followTarget(
  git: RunGit,
  checkout: Checkout,
  onto: CommitId,
  commit: CommitId,
): Promise<readonly string[]> {
  const cwd = checkout.path;
  const changes = await changesBetween(git, cwd, onto, commit);
  for (let attempt = 1; ; attempt += 1) {
    // Without it a file that was only touched counts as changed. It may be refused: then they count as changed.
    await git(['update-index', '-q', '--refresh'], { cwd, answers: [0, 1] });
    const { clean, kept, behind } = await sortOut(git, cwd, onto, changes);
    if (await moveFiles(git, cwd, onto, commit, changes, clean)) {
      await moveIndex(git, cwd, behind);
      return kept.map((change) => change.path);
    }
    // Something was saved between the look and the step; git noticed, touched nothing, and we look again.
    if (attempt === tries) throw new GitError('locked', `Files keep changing in ${cwd}.`);
    await breathe(attempt * 4);
  }
}

/** False when git found a file that is not as it was when it was looked at; then nothing was touched. */
async function moveFiles(
  git: RunGit,
  cwd: string,
  onto: CommitId,
  commit: CommitId,
  changes: readonly Change[],
  clean: readonly Change[],
): Promise<boolean> {
  if (clean.length === 0) return true;
  const goal = clean.length === changes.length ? commit : await partialTree(git, cwd, onto, clean);
  // Two trees: git moves a file only if index and file are as in the first, and keeps every other change.
  const args = ['read-tree', '-m', '-u', '--no-recurse-submodules', onto, goal];
  const ran = await git(args, { cwd, answers: [0, 128] });
  if (ran.code === 0) return true;
  if (
    /\.lock': File exists|not uptodate|would be overwritten|would lose|Cannot merge|cannot .* update/i.test(
      ran.stderr,
    )
  )
    return false;
  throw new GitError('failed', `The files in ${cwd} could not be brought along.`, ran.stderr.trim());
}

/** The tree of `onto` with only the clean files as in the landed commit, built beside the person's index. */
async function partialTree(
  git: RunGit,
  cwd: string,
  onto: CommitId,
  clean: readonly Change[],
): Promise<string> {
  const folder = await lineOf(git, ['rev-parse', '--absolute-git-dir'], { cwd });
  const index = path.join(folder, `rigs-follow-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(['read-tree', onto], { cwd, env });
    await git(['update-index', '-z', '--index-info'], { cwd, env, input: indexLines(clean) });
    return (await textOf(git, ['write-tree'], { cwd, env })).trim();
  } finally {
    await dropOwnFile(index);
    await dropOwnFile(`${index}.lock`);
  }
}

/** Tells the index that the person's unstaged changes now stand on the landed commit; no file is touched. */
async function moveIndex(git: RunGit, cwd: string, behind: readonly Change[]): Promise<void> {
  if (behind.length === 0) return;
  const hidden = await hiddenFiles(git, cwd);
  await git(['update-index', '-z', '--index-info'], { cwd, input: indexLines(behind) });
  for (const { path: name, to } of behind) {
    const flag = to === null ? undefined : hidden.get(name);
    // Setting an entry drops the flag by which the person hides this file; they meant it to stay.
    if (flag !== undefined) await git(['update-index', `--${flag}`, '--', name], { cwd });
  }
  await git(['update-index', '-q', '--refresh'], { cwd, answers: [0, 1] });
}
