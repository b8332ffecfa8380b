import type { Clock } from '../../ports/clock.ts';
import { ModelError } from '../../ports/models.ts';
import { passing } from './failure.ts';

/** How often and how long one asks again; in ms. */
export interface Patience {
  readonly retries: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const patience: Patience = { retries: 4, firstPauseMs: 500, longestPauseMs: 8_000 };

interface Asking {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly patience?: Partial<Patience>;
  readonly onRestart?: ((why: ModelError) => void) | undefined;
}

/**
 * Asks again, a few times and with growing pauses, when the vendor is overloaded or the connection broke. Limits are
 * not waited for here: another tank may have room now.
 */
export async function patiently<T>(ask: () => Promise<T>, asking: Asking): Promise<T> {
  const { retries, firstPauseMs, longestPauseMs } = { ...patience, ...asking.patience };
  for (let tried = 0; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ModelError) || !passing.includes(error.reason) || tried >= retries) throw error;
      const wished = error.retryAt === null ? 0 : error.retryAt - asking.clock.now();
      if (wished > longestPauseMs) throw error;
      const grown = Math.min(firstPauseMs * 2 ** tried, longestPauseMs);
      await pause(asking, Math.max(wished, grown * (0.5 + asking.random() / 2)));
      asking.onRestart?.(error);
    }
  }
}

async function pause({ clock, signal }: Asking, ms: number): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ModelError('cancelled', 'The request was cancelled.', null, { cause: error });
  }
}
