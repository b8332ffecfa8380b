import { lstat, rm } from 'node:fs/promises';
import { GitError } from '../../ports/git.ts';
import type { PolecatId } from '../../town/ids.ts';
import type { Polecat } from '../../town/polecat.ts';
import type { HandContext } from './context.ts';

/** Puts an ended polecat's worktree into the trash; git/ proves first that nothing would be lost. */
export async function clear(context: HandContext, action: { readonly polecat: PolecatId }): Promise<void> {
  const polecat = context.state().polecats[action.polecat];
  if (polecat === undefined) return;
  const worktree = polecat.worktree ?? context.places.worktree(polecat.name);
  const gone = await retire(context, polecat, worktree);
  if (gone.trashedTo !== null) {
    const facts = { path: gone.trashedTo, keptRef: gone.keptRef };
    context.say({ what: 'worktree.trashed', level: 'info', facts, polecat: polecat.id });
  }
  const cleared = await context.wish({ type: 'cleared', polecat: polecat.id });
  if (cleared.ok) await forget(context.places.agent(polecat.id));
}

/**
 * What its vendor's program was told is made anew for each session, and nobody reads it after the last one. What is not
 * the folder that Rigs made stays, and nothing is followed out of it.
 */
async function forget(folder: string): Promise<void> {
  const found = await lstat(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (found?.isDirectory() === true) await rm(folder, { recursive: true });
}

type Retired = Awaited<ReturnType<HandContext['git']['retire']>>;

/** What stands at the place of a polecat that was never housed may be somebody else's, and stays. */
async function retire(
  { git, repository, places }: HandContext,
  polecat: Polecat,
  worktree: string,
): Promise<Retired> {
  try {
    return await git.retire(repository, worktree, places.trash);
  } catch (error) {
    if (polecat.worktree !== null || !GitError.is(error, 'taken')) throw error;
    return { trashedTo: null, keptRef: null };
  }
}
