import type { Dialect, Failure, Refused } from '../dialect.ts';
import { reasonOf } from '../dialect.ts';
import { recordOf, textOf } from '../said.ts';
import { askedToWait } from '../waits.ts';

/** A server of one's own has no limits; it may be busy. Every error of its is `{"error": "…"}`. */
export const ollamaDialect: Dialect = {
  readings: () => [],
  failure: ({ status, headers, body }: Refused, { now }): Failure => {
    const message = textOf(recordOf(body)['error']) || textOf(body) || 'The model gave no reason.';
    // In the middle of an answer: its runner ended, as it does for want of memory.
    const reason = reasonOf(status) ?? 'overloaded';
    return { reason, message, retryAt: askedToWait(headers, now), readings: [] };
  },
};
