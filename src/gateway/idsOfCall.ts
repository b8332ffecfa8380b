import { createHash } from 'node:crypto';
import { idsFrom } from '../foreman/systemIds.ts';
import type { Ids } from '../ports/ids.ts';

export type CallIds = Pick<Ids, 'bead' | 'convoy'>;

/**
 * The ids of what a call makes: the same ones, one after another, each time it is said under the same id. So one that
 * is said again, at the door or kept, to this window or the next, finds what it made already.
 */
export function idsOfCall(call: string): CallIds {
  const beads = drawnFor('bead', call);
  const convoys = drawnFor('convoy', call);
  return { bead: (taken) => beads.bead(taken), convoy: () => convoys.convoy() };
}

function drawnFor(kind: string, call: string): Ids {
  let draws = 0;
  const below = (bound: number): number => {
    draws += 1;
    const digest = createHash('sha256')
      .update(`rigs ${kind}\n${call}\n${String(draws)}`)
      .digest();
    return digest.readUInt32BE(0) % bound;
  };
  return idsFrom(below, () => '');
}
