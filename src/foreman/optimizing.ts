import { isWorthWording } from '../assayer/optimizer.ts';
import { isControl } from '../town/savings.ts';
import type { Wish } from './control.ts';
import type { HandContext } from './hands/context.ts';

/** Whether a model words tasks here, so that no bead waits for one that is not there. */
export async function canOptimize({
  agents,
  settings,
}: Pick<HandContext, 'agents' | 'settings'>): Promise<boolean> {
  return settings().optimize && (await agents.assayer('optimizer', { author: null, unasked: true })) !== null;
}

/**
 * A wish that makes beads, with those of them that are to be worded anew, less those that stay as they are for
 * comparison. `share`: of the latter, 0–1.
 */
export function withOptimizing(wish: Wish, share: number): Wish {
  if (wish.type !== 'createBead' && wish.type !== 'createConvoy') return wish;
  // Attempts at one bead are compared by what they make of the same words.
  if (wish.type === 'createBead' && wish.attempts !== undefined) return wish;
  const beads = wish.type === 'createBead' ? [wish] : wish.beads;
  const worth = beads.filter(({ draft }) => isWorthWording(draft)).map((one) => one.bead);
  if (worth.length === 0) return wish;
  if (share === 0) return { ...wish, optimize: worth };
  const control = worth.filter((bead) => isControl(bead, share));
  return { ...wish, optimize: worth.filter((bead) => !control.includes(bead)), control };
}
