import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Repository } from '../ports/git.ts';
import type { CommitId } from '../town/ids.ts';
import { addWorktree } from './addWorktree.ts';
import { exists } from './place.ts';
import type { RunGit } from './run.ts';
import type { Turns } from './turns.ts';
import { adminOf, namesIn, readMark } from './worktrees.ts';

export interface Spares {
  readonly folder: string;
  readonly base: CommitId;
  readonly count: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps as many worktrees filled ahead as are wanted, one after the other; what a crash left half filled is finished.
 * Those that stand on an older commit stay: whoever takes one moves only what changed since.
 */
export async function prepareSpares(
  git: RunGit,
  turns: Turns,
  repository: Repository,
  { folder, base, count, signal }: Spares,
): Promise<void> {
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
      await addWorktree(git, turns, repository, { path: place, branch: null, base, spare: true, signal });
    }
  });
}
