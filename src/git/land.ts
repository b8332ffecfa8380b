import type { CheckoutResult, LandResult, Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { type Checkout, followTarget, readyToFollow } from './checkout.ts';
import { branchTip, isAncestor, moveRefs } from './refs.ts';
import type { RunGit } from './run.ts';
import { worktreesOf } from './worktrees.ts';
import { exists } from './place.ts';

/**
 * Moves the target to exactly `commit` if it still is at `onto`. Called again after a crash, or for a commit that has
 * landed before, it only takes along what was left behind.
 *
 * The ref moves before the files: a target that moved meanwhile must find the person's files untouched, while files
 * that are behind their ref can be brought along later. Whether they can be is looked at before anything moves.
 */
export async function land(
  git: RunGit,
  repository: Repository,
  target: string,
  onto: CommitId,
  commit: CommitId,
): Promise<LandResult> {
  const [tip, checkouts] = await Promise.all([
    branchTip(git, repository, target),
    checkoutsOf(git, repository, target),
  ]);
  const found = tip?.commit ?? null;
  const landed = found !== null && (await holds(git, repository, found, { onto, commit }));
  if (found !== onto && !landed) return { ok: false, found };
  // Landed and moved on since: its files are the business of whoever moved it on.
  const behind = landed && found !== commit ? [] : checkouts;
  for (const checkout of behind) await readyToFollow(git, checkout);
  if (!landed) {
    const move = { ref: `refs/heads/${target}`, from: onto, to: commit };
    if (!(await moveRefs(git, repository, [move], 'rigs: land'))) {
      return { ok: false, found: (await branchTip(git, repository, target))?.commit ?? null };
    }
  }
  const left = new Set<string>();
  for (const checkout of behind) {
    for (const file of await followTarget(git, checkout, onto, commit)) left.add(file);
  }
  return { ok: true, checkout: resultOf(checkouts, [...left]) };
}

/** What lands is on top of `onto`, so that a target which is at one of the two needs no look. */
async function holds(
  git: RunGit,
  repository: Repository,
  found: CommitId,
  { onto, commit }: { readonly onto: CommitId; readonly commit: CommitId },
): Promise<boolean> {
  return found === commit || (found !== onto && (await isAncestor(git, repository, commit, found)));
}

function resultOf(checkouts: readonly Checkout[], left: readonly string[]): CheckoutResult {
  if (checkouts.length === 0) return { kind: 'not_checked_out' };
  return left.length === 0 ? { kind: 'moved_along' } : { kind: 'left_alone', files: left };
}

async function checkoutsOf(
  git: RunGit,
  repository: Repository,
  target: string,
): Promise<readonly Checkout[]> {
  const found: Checkout[] = [];
  for (const worktree of await worktreesOf(git, repository.root)) {
    if (worktree.bare || worktree.branch !== target || !(await exists(worktree.path))) continue;
    found.push({ path: worktree.path });
  }
  return found;
}
