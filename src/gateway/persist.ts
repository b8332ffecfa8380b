import type { Clock } from '../ports/clock.ts';
import { DoorError } from './doorError.ts';

export interface PersistParts {
  /** Follows until cut; always rejects. */
  readonly follow: () => Promise<never>;
  /** Told after each end; says whether anything was heard before it. */
  readonly ended: () => boolean;
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Asked again, the door would say the same. */
const final: readonly string[] = ['other_version', 'unauthorized', 'forbidden', 'no_such_verb'];
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** Follows again whenever it is cut. Resolves with why it gave up, or with null when it was told to stop. */
export async function persist(parts: PersistParts): Promise<DoorError | null> {
  const { follow, ended, clock, patienceMs, signal } = parts;
  const stopped = (): boolean => signal.aborted;
  let awaySince = clock.now();
  let pauseMs = firstPauseMs;
  while (!stopped()) {
    const why = lostBy(await follow().catch((error: unknown) => error));
    if (ended()) {
      awaySince = clock.now();
      pauseMs = firstPauseMs;
    }
    if (stopped()) break;
    if (final.includes(why.reason) || clock.now() - awaySince >= patienceMs) return why;
    await clock.sleep(pauseMs, signal).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
  return null;
}

function lostBy(ended: unknown): DoorError {
  if (ended instanceof DoorError) return ended;
  return new DoorError('unreachable', 'The window that runs this rig does not answer.', { cause: ended });
}
