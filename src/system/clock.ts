import { setTimeout as wait } from 'node:timers/promises';

/** The machine's own time; everything that waits takes a clock, and gets this one in the product. */
export const systemClock = {
  now: (): number => Date.now(),
  sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
