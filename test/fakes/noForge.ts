import type { Forge, ForgeAnswer } from '../../src/ports/forge.ts';

const absent: ForgeAnswer<never> = { ok: false, why: 'absent', detail: '' };

/** A machine without a program that speaks with a forge. */
export const noForge: Forge = {
  find: () => Promise.resolve(absent),
  open: () => Promise.resolve(absent),
  see: () => Promise.resolve(absent),
  openingPage: () => Promise.resolve(null),
};
