import type { Clock } from '../ports/clock.ts';

/** Resolves after `ms`; false once it is aborted. */
export function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(
    () => true,
    () => false,
  );
}
