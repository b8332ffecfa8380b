import path from 'node:path';
import { type BegunMerge, type FinishedMerge, GitError, type Repository } from '../ports/git.ts';
import { writeDurably } from '../system/durableFile.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { type CommitId, parseCommitId } from '../town/ids.ts';
import { commitAll } from './commit.ts';
import { hasMarkers } from './conflicted.ts';
import { dropStaleLocks } from './locks.ts';
import { beganName, endWaiting, isReplaying, mergedIn } from './middle.ts';
import { headOf, isAncestor, mergeBase } from './refs.ts';
import { type RunGit, lineOf, listOf } from './run.ts';
import { saveCommit, snapshot } from './saved.ts';
import { adminOf, textIn } from './worktrees.ts';

export async function beginMerge(
  git: RunGit,
  repository: Repository,
  worktree: string,
  branch: string,
  onto: CommitId,
): Promise<BegunMerge> {
  const admin = await adminFor(repository, worktree);
  await dropStaleLocks(admin, { alone: false });
  await assertBranch(git, worktree, branch);
  const under = await mergedIn(admin);
  const began = await beganFrom(admin);
  // One that was begun goes on, also where the target has moved since.
  if (under.length === 1 && began !== null) return begunMerge(git, repository, worktree, under[0] ?? '');
  if (under.length > 0 || (await isReplaying(admin)))
    throw new GitError('locked', `Another merge is under way in ${worktree}.`);
  const head = await headOf(git, worktree);
  if (began === head.commit) await undo(git, repository, worktree, { admin, branch, head: began });
  else await commitAll(git, worktree, `Work of ${branch} before a merge\n`, branch);
  const from = await headOf(git, worktree);
  await writeDurably(path.join(admin, beganName), `${from.commit}\n`);
  await git(['merge', '--no-ff', '--no-commit', '--no-log', '--quiet', onto], {
    cwd: worktree,
    answers: [0, 1],
  });
  return begunMerge(git, repository, worktree, onto);
}

async function begunMerge(
  git: RunGit,
  repository: Repository,
  worktree: string,
  theirs: string,
): Promise<BegunMerge> {
  const onto = parseCommitId(theirs);
  if (onto === null) throw new GitError('failed', 'What is merged there is no commit.', theirs.slice(0, 100));
  const { commit: head } = await headOf(git, worktree);
  const base = await mergeBase(git, repository, head, onto);
  return { head, onto, base, files: [...(await unmerged(git, worktree)).keys()] };
}

export async function finishMerge(
  git: RunGit,
  repository: Repository,
  worktree: string,
  {
    branch,
    onto,
    message,
    asIs,
  }: { readonly branch: string; readonly onto: CommitId; readonly message: string; readonly asIs: boolean },
): Promise<FinishedMerge | null> {
  const admin = await adminFor(repository, worktree);
  await assertBranch(git, worktree, branch);
  if ((await mergedIn(admin)).length === 0) {
    // Committed already: by a person in their own way, or by us before a crash.
    const { commit } = await headOf(git, worktree);
    const isMade = await isAncestor(git, repository, onto, commit);
    await endWaiting(admin);
    if (!isMade) return null;
    return { ok: true, commit };
  }
  const left = await unmerged(git, worktree);
  const marked: string[] = [];
  const undecided: string[] = [];
  for (const [name, stages] of left) {
    const text = await bytesIfThere(path.join(worktree, name));
    if (text !== null && hasMarkers(text)) marked.push(name);
    else if (text === null || text.includes(0) || !stages.has('2') || !stages.has('3')) undecided.push(name);
  }
  if (marked.length > 0 || (undecided.length > 0 && !asIs)) return { ok: false, marked, undecided };
  const commit = await commitAll(git, worktree, message, branch);
  return { ok: true, commit: commit ?? (await headOf(git, worktree)).commit };
}

export async function abandonMerge(git: RunGit, repository: Repository, worktree: string): Promise<void> {
  const admin = await adminFor(repository, worktree);
  await dropStaleLocks(admin, { alone: false });
  const began = await beganFrom(admin);
  if (began === null) return;
  const { commit } = await headOf(git, worktree);
  // Only what was begun here is undone, and only as long as nobody has committed since.
  if (commit === began) {
    const branch = (await branchOf(git, worktree)).replace(/^refs\/heads\//, '');
    await undo(git, repository, worktree, { admin, branch, head: began });
  }
  await endWaiting(admin);
}

/**
 * Everything was committed before it began, so that whatever differs from there came with it, or is what a person made of
 * it: that is saved under a ref before it goes.
 */
async function undo(
  git: RunGit,
  repository: Repository,
  worktree: string,
  { admin, branch, head }: { readonly admin: string; readonly branch: string; readonly head: CommitId },
): Promise<void> {
  const work = await snapshot(git, worktree, admin, `A merge into ${branch} that was abandoned\n`);
  await saveCommit(git, repository, branch, work);
  await git(['read-tree', '--reset', '-u', head], { cwd: worktree });
  await git(['clean', '-d', '--force', '--quiet'], { cwd: worktree });
}

async function beganFrom(admin: string): Promise<CommitId | null> {
  return parseCommitId(((await textIn(path.join(admin, beganName))) ?? '').trim());
}

/** By path: the stages that the index holds of it. */
async function unmerged(git: RunGit, worktree: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  for (const entry of await listOf(git, ['ls-files', '--unmerged', '-z'], { cwd: worktree })) {
    const tab = entry.indexOf('\t');
    const name = entry.slice(tab + 1);
    const stages = found.get(name) ?? new Set();
    found.set(name, stages.add(entry.slice(tab - 1, tab)));
  }
  return found;
}

async function adminFor({ commonDir }: Repository, worktree: string): Promise<string> {
  const admin = await adminOf(commonDir, worktree);
  if (admin === null) throw new GitError('taken', `${worktree} is not a worktree of this repository.`);
  return admin;
}

async function assertBranch(git: RunGit, worktree: string, branch: string): Promise<void> {
  if ((await branchOf(git, worktree)) !== `refs/heads/${branch}`)
    throw new GitError('taken', `${worktree} does not stand on its own branch ${branch}.`);
}

/** As a ref; empty where none is checked out. */
async function branchOf(git: RunGit, worktree: string): Promise<string> {
  return lineOf(git, ['symbolic-ref', '--quiet', 'HEAD'], { cwd: worktree, answers: [0, 1] });
}
