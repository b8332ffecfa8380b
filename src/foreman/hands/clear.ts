import type { PolecatId } from '../../town/ids.ts';
import type { HandContext } from './context.ts';

/** Puts an ended polecat's worktree into the trash; git/ proves first that nothing would be lost. */
export async function clear(context: HandContext, action: { readonly polecat: PolecatId }): Promise<void> {
  const polecat = context.state().polecats[action.polecat];
  if (polecat === undefined) return;
  const worktree = polecat.worktree ?? context.places.worktree(polecat.name);
  const gone = await context.git.retire(context.repository, worktree, context.places.trash);
  if (gone.trashedTo !== null) {
    const facts = { path: gone.trashedTo, keptRef: gone.keptRef };
    context.say({ what: 'worktree.trashed', level: 'info', facts, polecat: polecat.id });
  }
  await context.wish({ type: 'cleared', polecat: polecat.id });
}
