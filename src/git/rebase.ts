import { GitError, type RebaseResult, type Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { cutText } from './cut.ts';
import { identityFor } from './identity.ts';
import { checkOut, ownAdmin, settle } from './ownWorktree.ts';
import { assertLease, headOf, mergeBase } from './refs.ts';
import { type RunGit, listOf } from './run.ts';
import { noLookInside } from './status.ts';
import type { Turns } from '../system/turns.ts';

const hunksLimit = 60_000;

/** Replays `head`'s own commits on top of `onto`; commits that `onto` has already in other words drop out. */
export async function rebase(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  place: string,
  head: CommitId,
  onto: CommitId,
): Promise<RebaseResult> {
  return turns.take(place, async () => {
    await assertLease(git, repository);
    const admin = await ownAdmin(repository, place);
    const base = await mergeBase(git, repository, head, onto);
    if (base === null) throw new GitError('failed', `${head} and ${onto} have no common history.`);
    // Already on top (or already in it): rewriting would lose the proof its checks gave.
    const standing = base === onto ? head : base === head ? onto : null;
    await checkOut(git, place, standing ?? head);
    if (standing !== null) return { ok: true, commit: standing };
    return replay(git, place, admin, base, onto);
  });
}

async function replay(
  git: RunGit,
  place: string,
  admin: string,
  base: CommitId,
  onto: CommitId,
): Promise<RebaseResult> {
  const env = await identityFor(git, place);
  const plain = ['--no-autosquash', '--no-autostash', '--no-fork-point', '--no-verify', '--no-gpg-sign'];
  const args = ['rebase', '--quiet', '--empty=drop', ...plain, '--onto', onto, base];
  const ran = await git(args, { cwd: place, env, answers: [0, 1, 128] });
  if (ran.code === 0) return { ok: true, commit: (await headOf(git, place)).commit };
  // The exit code says only that it stopped; unmerged files say that it is a conflict.
  const files = await listOf(git, ['diff', '--name-only', '--diff-filter=U', noLookInside, '-z'], {
    cwd: place,
  });
  const hunks = await git(['diff', '--no-ext-diff', '--no-textconv', '--no-color', noLookInside], {
    cwd: place,
    maxBytes: hunksLimit,
  });
  // Not `rebase --abort`: it fails where git died before it had begun, and what it restores is not wanted.
  await settle(git, place, admin);
  await checkOut(git, place, onto);
  if (files.length === 0) {
    throw new GitError('failed', 'The rebase stopped without a conflict.', ran.stderr.trim());
  }
  return { ok: false, files, hunks: cutText(hunks.stdout, hunks.cut, hunksLimit) };
}
