import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { addWorktree, type SpareRoom } from './addWorktree.ts';
import { checkOut } from './ownWorktree.ts';
import { exists } from './place.ts';
import { assertLease } from './refs.ts';
import type { RunGit } from './run.ts';
import { claim, commitAt, isReady, release } from './takeSpare.ts';
import type { Turns } from '../system/turns.ts';
import { adminOf, namesIn, readMark } from './worktrees.ts';

export interface Spares extends SpareRoom {
  readonly base: CommitId;
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps as many worktrees filled ahead as are wanted, one after the other, and brings them along with the base, so that
 * whoever takes one has next to nothing to write. What a crash left half done is finished. Nothing is started when all
 * are as they should be: this is called whenever there is nothing else to do.
 */
export async function prepareSpares(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  wanted: Spares,
): Promise<void> {
  const { folder, count, signal } = wanted;
  await turns.take(folder, async () => {
    const places: string[] = [];
    for (const name of await namesIn(folder)) {
      const place = path.join(folder, name);
      const admin = (await exists(place)) ? await adminOf(repository.commonDir, place) : null;
      if (admin !== null && (await readMark(admin))?.spare === true) places.push(place);
    }
    while (places.length < count) places.push(path.join(folder, `spare-${randomUUID().slice(0, 8)}`));
    for (const place of places.slice(0, count)) {
      signal?.throwIfAborted();
      await prepare(git, turns, repository, wanted, place);
    }
  });
}

async function prepare(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  { base, signal, sound }: Spares,
  place: string,
): Promise<void> {
  const admin = await adminOf(repository.commonDir, place);
  if (admin === null || !(await isReady(admin))) {
    await assertLease(git, repository);
    await addWorktree(git, turns, repository, { path: place, branch: null, base, spare: true, signal });
    const made = await adminOf(repository.commonDir, place);
    if (made !== null && admin === null) sound.add(made);
  }
  await turns.take(place, async () => {
    const standing = await adminOf(repository.commonDir, place);
    if (standing === null || !(await exists(place))) return;
    if (sound.has(standing) && (await commitAt(git, place, standing)) === base) return;
    await assertLease(git, repository);
    if (!(await claim(standing))) return;
    await turns.heavy(() => checkOut(git, place, base));
    // Not when it failed: claimed, it is taken by nobody until the next call has finished it.
    await release(standing);
    sound.add(standing);
  });
}
