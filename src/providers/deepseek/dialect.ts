import type { Dialect, Failure } from '../dialect.ts';
import { failure } from '../openai/dialect.ts';
import { askedToWait } from '../waits.ts';

/**
 * What DeepSeek says about limits: nothing in headers. Its only limit is how many requests run at once
 * (api-docs.deepseek.com "Rate limit"), so 429 asks for fewer and takes nothing of the account; money is 402.
 */
export const deepseekDialect: Dialect = {
  readings: () => [],
  failure: (refused, asked, told): Failure => {
    const known = failure(refused, asked, told);
    return known.reason === 'limit'
      ? { ...known, reason: 'overloaded', retryAt: askedToWait(refused.headers, asked.now), readings: [] }
      : known;
  },
};
