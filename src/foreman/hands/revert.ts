import type { RequestId } from '../../town/ids.ts';
import { revertLanding } from '../revertLanding.ts';
import type { HandContext } from './context.ts';

/** Enters the taking back of a landing, with the yes that a person said beforehand. One that is there already is enough. */
export async function revert(
  context: HandContext,
  { landing }: { readonly landing: RequestId },
): Promise<void> {
  const { git, repository, clock, ids } = context;
  const { beads } = context.state();
  const control = {
    get state() {
      return context.state();
    },
    wish: (wish: Parameters<HandContext['wish']>[0]) => context.wish(wish),
  };
  const entered = await revertLanding(
    { git, repository, clock, control },
    { landing, bead: ids.bead((id) => beads[id] !== undefined), request: ids.request(), approval: 'rule' },
  );
  const isThere = entered.ok || entered.refusal.code === 'revert_in_queue';
  await context.wish({ type: 'targetReverted', landing, reason: isThere ? null : entered.refusal });
}
