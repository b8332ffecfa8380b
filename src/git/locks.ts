import { stat } from 'node:fs/promises';
import path from 'node:path';
import { dropOwnFile } from './ownFile.ts';
import { isMissing } from './place.ts';

/** No git command of ours or an agent's holds an index this long; who killed it left the lock behind. */
const abandonedMs = 10 * 60_000;

/**
 * Takes away the locks of dead git calls in one of Rigs' worktrees, so that they do not end all work in it. `alone`:
 * only this process works in it, so that a lock from before it began is nobody's; an agent's own git outlives a reload.
 */
export async function dropStaleLocks(admin: string, { alone }: { readonly alone: boolean }): Promise<void> {
  for (const name of ['index.lock', 'HEAD.lock']) {
    const lock = path.join(admin, name);
    try {
      const { mtimeMs } = await stat(lock);
      const dead = (alone && mtimeMs < performance.timeOrigin) || Date.now() - mtimeMs > abandonedMs;
      if (dead) await dropOwnFile(lock);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
