import type { Clock } from '../ports/clock.ts';
import { ModelError, type ModelErrorReason } from '../ports/models.ts';

/** How often and how long one asks again; in ms. */
export interface Patience {
  readonly retries: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** A limit of the account that ends within this is waited out. */
  readonly longestLimitMs: number;
}

const patience: Patience = {
  retries: 4,
  firstPauseMs: 500,
  longestPauseMs: 8_000,
  longestLimitMs: 60_000,
};

/** Reasons after which the same request may well succeed a moment later. */
const passing: readonly ModelErrorReason[] = ['overloaded', 'connection'];

interface Asking {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly patience?: Partial<Patience>;
  readonly onRestart?: ((why: ModelError) => void) | undefined;
}

/**
 * Asks again, a few times and with growing pauses, when the vendor is overloaded, the connection broke, or a limit ends
 * within a minute. Longer ones are not waited for here: another tank may have room now.
 */
export async function patiently<T>(ask: () => Promise<T>, asking: Asking): Promise<T> {
  const { retries } = { ...patience, ...asking.patience };
  for (let tried = 0; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ModelError) || tried >= retries) throw error;
      const ms = pauseAfter(error, tried, asking);
      if (ms === null) throw error;
      await pause(asking, ms);
      asking.onRestart?.(error);
    }
  }
}

/** Null: it is not asked again. */
function pauseAfter({ reason, retryAt }: ModelError, tried: number, asking: Asking): number | null {
  const { firstPauseMs, longestPauseMs, longestLimitMs } = { ...patience, ...asking.patience };
  const wished = retryAt === null ? null : retryAt - asking.clock.now();
  const grown = Math.min(firstPauseMs * 2 ** tried, longestPauseMs) * (0.5 + asking.random() / 2);
  // All who met the limit would else come back at once.
  if (reason === 'limit')
    return wished === null || wished > longestLimitMs ? null : Math.max(wished, 0) + grown;
  if (!passing.includes(reason) || (wished ?? 0) > longestPauseMs) return null;
  return Math.max(wished ?? 0, grown);
}

async function pause({ clock, signal }: Asking, ms: number): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ModelError('cancelled', 'The request was cancelled.', null, { cause: error });
  }
}
