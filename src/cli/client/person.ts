import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { StoreError } from '../../ports/store.ts';
import { systemClock } from '../../system/clock.ts';
import { codeOf } from '../../system/errorCode.ts';
import { readIfThere } from '../../system/readIfThere.ts';
import { plain } from '../../words/plain.ts';
import { refused } from '../commandError.ts';
import { type Worktree, findWorktree } from '../findHome.ts';

/** Where its agent works (`git/ownBranch.ts`). */
const ownBranches = 'refs/heads/polecat/';
/** Worktrees in which checks run what agents wrote (`foreman/places.ts`). */
const ownRooms = /^\.(queue|proof-\d+)$/;

/** What an agent's terminal sets besides its token. */
const agentsVariables = ['RIGS_HOME', 'GTR_AGENT'] as const;

/** Throws `CommandError` for an environment of an agent that has lost its token. */
export function mustBePersons(env: NodeJS.ProcessEnv): void {
  const set = agentsVariables.find((name) => (env[name] ?? '') !== '');
  if (set !== undefined)
    throw refused(
      `${set} is set, as in an agent's terminal, and RIGS_TOKEN is not. Unset ${set} to speak as yourself.`,
    );
}

/** Throws `CommandError` inside Rigs' own worktrees: who stands there without a token may be an agent's program. */
export async function mustBePersonsFolder(cwd: string): Promise<void> {
  const worktree = await findWorktree(cwd);
  if (worktree === null || worktree.gitDir === worktree.commonDir) return;
  const isRoom = ownRooms.test(path.basename(worktree.top));
  if (isRoom || (await isOnOwnBranch(worktree)) || (await isPolecats(worktree)))
    throw refused(
      `${plain(worktree.top, 300)} is a worktree of Rigs' agents, and RIGS_TOKEN is not set. An agent says it with the environment of its terminal; to speak as yourself, say it in the repository's own folder.`,
    );
}

async function isOnOwnBranch({ gitDir }: Worktree): Promise<boolean> {
  const head = (await readIfThere(path.join(gitDir, 'HEAD'))) ?? '';
  return head.startsWith(`ref: ${ownBranches}`);
}

/** Its agent may have checked out something else. */
async function isPolecats({ top, commonDir }: Worktree): Promise<boolean> {
  // Late: few stand in a linked worktree.
  const { openStore } = await import('../../store/open.ts');
  try {
    const store = await openStore({
      commonDir,
      storageRoot: '',
      clock: systemClock,
      mode: 'reader',
      tolerant: true,
    });
    await store.close();
    const here = await realpath(top);
    const theirs = Object.values(store.initial.polecats).map(({ worktree }) => worktree);
    const places = await Promise.all(theirs.flatMap((one) => (one === null ? [] : [placeOf(one)])));
    return places.includes(here);
  } catch (error) {
    // A memory that cannot be read is for the command to tell of.
    if (error instanceof StoreError) return false;
    throw error;
  }
}

async function placeOf(folder: string): Promise<string | null> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
