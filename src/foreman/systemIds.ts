import { randomBytes, randomInt } from 'node:crypto';
import type { Ids } from '../ports/ids.ts';
import type { AskId, BeadId, ConvoyId, RequestId } from '../town/ids.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

function draw(prefix: string): string {
  return prefix + Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** Ids drawn from the system's randomness; 36^5 (60 million) of each kind. */
export const systemIds: Ids = {
  bead: (taken) => {
    for (;;) {
      const id = draw('gt-') as BeadId;
      if (!taken(id)) return id;
    }
  },
  convoy: () => draw('cv-') as ConvoyId,
  request: () => draw('mr-') as RequestId,
  ask: () => draw('ak-') as AskId,
  secret: () => randomBytes(32).toString('base64url'),
};
