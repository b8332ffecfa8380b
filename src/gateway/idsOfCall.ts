import { createHash } from 'node:crypto';
import { type DrawnIds, drawnIds } from '../town/drawnIds.ts';

export type CallIds = DrawnIds;

/**
 * The ids of what a call makes: the same ones, one after another, each time it is said under the same id. So one that
 * is said again, at the door or kept, to this window or the next, finds what it made already.
 */
export function idsOfCall(call: string): CallIds {
  const beads = drawnFor('bead', call);
  const convoys = drawnFor('convoy', call);
  const requests = drawnFor('request', call);
  const asks = drawnFor('ask', call);
  const threads = drawnFor('thread', call);
  return {
    bead: (taken) => beads.bead(taken),
    convoy: () => convoys.convoy(),
    request: () => requests.request(),
    ask: () => asks.ask(),
    thread: () => threads.thread(),
  };
}

function drawnFor(kind: string, call: string): DrawnIds {
  let draws = 0;
  const below = (bound: number): number => {
    draws += 1;
    const digest = createHash('sha256')
      .update(`rigs ${kind}\n${call}\n${String(draws)}`)
      .digest();
    return digest.readUInt32BE(0) % bound;
  };
  return drawnIds(below);
}
