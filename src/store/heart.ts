import type { Clock } from '../ports/clock.ts';

/** Far below the silence after which an owner that cannot be seen counts as gone. */
const beatMs = 10_000;

/** Calls `beat` now and every 10 s until the signal is aborted. `beat` must not throw. */
export async function live(clock: Clock, signal: AbortSignal, beat: () => void): Promise<void> {
  while (!signal.aborted) {
    beat();
    // Rejects when it is aborted.
    await clock.sleep(beatMs, signal).catch(() => undefined);
  }
}
