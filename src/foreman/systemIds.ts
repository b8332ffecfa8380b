import { randomBytes, randomInt } from 'node:crypto';
import type { Ids } from '../ports/ids.ts';
import { drawnIds } from '../town/drawnIds.ts';

/** Ids drawn from the system's randomness. */
export const systemIds: Ids = {
  ...drawnIds(randomInt),
  secret: () => randomBytes(32).toString('base64url'),
};
