import { randomBytes, randomInt } from 'node:crypto';
import type { Ids } from '../ports/ids.ts';
import type { AskId, BeadId, ConvoyId, RequestId } from '../town/ids.ts';

/** Ids of which each digit is a draw below 36; 36^5 (60 million) of each kind. */
export function idsFrom(below: (bound: number) => number, secret: () => string): Ids {
  const draw = (prefix: string): string =>
    prefix + Array.from({ length: 5 }, () => below(36).toString(36)).join('');
  return {
    bead: (taken) => {
      for (;;) {
        const id = draw('gt-') as BeadId;
        if (!taken(id)) return id;
      }
    },
    convoy: () => draw('cv-') as ConvoyId,
    request: () => draw('mr-') as RequestId,
    ask: () => draw('ak-') as AskId,
    secret,
  };
}

/** Ids drawn from the system's randomness. */
export const systemIds: Ids = idsFrom(randomInt, () => randomBytes(32).toString('base64url'));
