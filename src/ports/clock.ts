import type { Instant } from '../town/ids.ts';

/** Time, handed in so that tests and simulations own it. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
