import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import { type EmptiedTrash, GitError, type KeptSlot, type Repository } from '../ports/git.ts';
import { codeOf } from '../system/errorCode.ts';
import type { CommitId } from '../town/ids.ts';
import { loosen } from './loosen.ts';
import { everyTip, unreachable } from './lost.ts';
import { exists, realPlace } from './place.ts';
import { assertLease } from './refs.ts';
import type { RunGit } from './run.ts';
import { slotTime, worktreeNotes } from './trash.ts';
import { namesIn, placeOf, readMark } from './worktrees.ts';

/**
 * Removes for good what has been in the trash long enough and whose commits are reachable elsewhere, one slot after the
 * other. The only place where what a worktree held ceases to be. What stays although it is old enough is named with why.
 * Throws `fenced` before it would remove anything that is a later owner's by now.
 */
export async function emptyTrash(
  git: RunGit,
  repository: Repository,
  trash: string,
  olderThanMs: number,
  now: number,
): Promise<EmptiedTrash> {
  const removed: string[] = [];
  const kept: KeptSlot[] = [];
  for (const name of (await namesIn(trash)).toSorted()) {
    const slot = path.join(trash, name);
    const since = slotTime(name);
    if (since !== null && now - since < olderThanMs) continue;
    const why =
      since === null
        ? unknownAge
        : ((await stillNeeded(git, repository, slot)) ?? (await remove(git, repository, slot)));
    if (why === null) removed.push(slot);
    else kept.push({ path: slot, ...why });
  }
  return { removed, kept };
}

type Why = Pick<KeptSlot, 'why' | 'detail'>;
/** Not made by Rigs, or by a name that says nothing; a folder's own times would be a guess. */
const unknownAge: Why = { why: 'unknown_age', detail: '' };

async function stillNeeded(git: RunGit, repository: Repository, slot: string): Promise<Why | null> {
  if (!(await lstat(slot)).isDirectory()) return unknownAge;
  const notes = path.join(slot, worktreeNotes);
  const registered = await stillRegistered(repository, slot);
  if (registered !== null) return { why: 'unfinished', detail: registered };
  // Repositories of its own: only their own remotes could say whether their commits are elsewhere.
  if ((await namesIn(path.join(notes, 'modules'))).length > 0)
    return { why: 'holds_repository', detail: notes };
  const lost = await unreachable(git, repository, await stoodOn(git, repository, notes));
  return lost.length === 0 ? null : { why: 'holds_commits', detail: lost.join(' ') };
}

/** A worktree in it of which not everything is proven to be elsewhere; retiring it again finishes that. */
async function stillRegistered(repository: Repository, slot: string): Promise<string | null> {
  const own = await realPlace(slot);
  for (const name of await namesIn(path.join(repository.commonDir, 'worktrees'))) {
    const place = await placeOf(path.join(repository.commonDir, 'worktrees', name));
    if (place !== null && path.dirname(place) === own) return place;
  }
  return null;
}

async function stoodOn(git: RunGit, repository: Repository, notes: string): Promise<readonly CommitId[]> {
  if (!(await exists(notes))) return [];
  const mark = await readMark(notes);
  // One that only proved, or was nobody's yet, has nothing of its own.
  const nothing = mark !== null && mark.branch === null && mark.damaged !== true;
  return nothing ? [] : everyTip(git, repository, notes, null);
}

async function remove(git: RunGit, repository: Repository, slot: string): Promise<Why | null> {
  // Before each: removing takes long, and a later owner may need what this one would take.
  await assertLease(git, repository);
  try {
    await loosen(slot);
    await rm(slot, { recursive: true });
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || GitError.is(error)) throw error;
    return { why: 'not_removed', detail: error instanceof Error ? error.message : String(code) };
  }
}
