import type { Instant } from './ids.ts';
import type { Breaker, Pace } from './tank.ts';

/** As many as this at once are as good as unlimited. */
const ceiling = 16;
/** Of several that are throttled in one moment one counts. */
const onceMs = 5_000;
/** So long without a throttle, and one more may run. */
const calmMs = 5 * 60_000;

/** How many may run at once on a model that was throttled; null: it bears as many as before again. */
export function paceAt(pace: Pace | undefined, at: Instant): number | null {
  if (pace === undefined) return null;
  const limit = pace.limit + Math.floor(Math.max(0, at - pace.changedAt) / calmMs);
  return limit >= ceiling ? null : limit;
}

/** Half as many from now on. `running`: so many run there. */
export function slower(pace: Pace | undefined, running: number, at: Instant): Pace {
  if (pace !== undefined && Math.abs(at - pace.changedAt) < onceMs) return pace;
  const most = Math.min(paceAt(pace, at) ?? ceiling, Math.max(2, running));
  return { limit: Math.max(1, Math.floor(most / 2)), clean: 0, changedAt: at };
}

/** A clean answer; as many of them as may run at once let one more run. Undefined: unlimited again. */
export function faster(pace: Pace, at: Instant): Pace | undefined {
  const limit = paceAt(pace, at);
  if (limit === null) return undefined;
  if (pace.clean + 1 < limit) return { ...pace, clean: pace.clean + 1 };
  return limit + 1 >= ceiling ? undefined : { limit: limit + 1, clean: 0, changedAt: at };
}

export const closedBreaker: Breaker = { errors: 0, trips: 0, until: null };

/** So many errors in a row, and it is left alone for a while. */
const errorsToTrip = 3;
const firstWaitMs = 60_000;
const longestWaitMs = 30 * 60_000;

/** An error that is no limit. Those that were under way when it was opened open it no longer. */
export function afterError(breaker: Breaker, at: Instant): Breaker {
  const { errors, trips, until } = breaker;
  if (until !== null && until > at) return breaker;
  if (errors + 1 < errorsToTrip) return { ...breaker, errors: errors + 1 };
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(trips, 10));
  return { errors: errors + 1, trips: trips + 1, until: at + wait };
}

/** closed: as always · open: nothing starts before `until` · half: it is over, and one is to find out whether it gives. */
export function breakerAt({ errors, until }: Breaker, at: Instant): 'closed' | 'open' | 'half' {
  if (until === null || errors < errorsToTrip) return 'closed';
  // A clock that was set back keeps nothing shut for longer than it ever is.
  return until > at && until - at <= longestWaitMs ? 'open' : 'half';
}
