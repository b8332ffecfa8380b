import { isWorthWording } from '../assayer/optimizer.ts';
import type { BeadId } from '../town/ids.ts';
import type { Wish } from './control.ts';
import type { HandContext } from './hands/context.ts';

/** Whether a model words tasks here, so that no bead waits for one that is not there. */
export async function canOptimize({
  agents,
  settings,
}: Pick<HandContext, 'agents' | 'settings'>): Promise<boolean> {
  return settings().optimize && (await agents.assayer('optimizer', { author: null, unasked: true })) !== null;
}

/** A wish that makes beads, with those of them that are to be worded anew; `chosen` leaves out what goes unoptimised as control. */
export function withOptimizing(wish: Wish, chosen: (bead: BeadId) => boolean): Wish {
  if (wish.type !== 'createBead' && wish.type !== 'createConvoy') return wish;
  const beads = wish.type === 'createBead' ? [wish] : wish.beads;
  const optimize = beads
    .filter(({ bead, draft }) => isWorthWording(draft) && chosen(bead))
    .map((one) => one.bead);
  return optimize.length === 0 ? wish : { ...wish, optimize };
}
