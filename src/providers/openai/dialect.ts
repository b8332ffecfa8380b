import type { ModelErrorReason } from '../../ports/models.ts';
import type { Reading } from '../../town/tank.ts';
import {
  type Asked,
  type Dialect,
  type Failure,
  type Refused,
  bucketReadings,
  reasonOf,
  usedUp,
} from '../dialect.ts';
import { amountOf, recordOf, textOf } from '../said.ts';
import { askedToWait, durationMs, limitEnds } from '../waits.ts';

/** What OpenAI's answers say about limits: platform.openai.com "Rate limits"; resets are Go durations. */
export const openaiDialect: Dialect = { readings, failure };

const perMinute: Readonly<Record<string, string>> = { requests: 'requests/min', tokens: 'tokens/min' };

function readings(headers: Headers, { model, now }: Asked): readonly Reading[] {
  return bucketReadings(headers, model, {
    gauges: perMinute,
    header: (name, what) => `x-ratelimit-${what}-${name}`,
    at: (reset) => {
      const ms = durationMs(reset);
      return ms === null ? null : now + ms;
    },
  });
}

/** `error.code`, or `error.type` where there is none: said also where the status is another one, or long gone. */
const byCode: Readonly<Partial<Record<string, ModelErrorReason>>> = {
  insufficient_quota: 'credit',
  billing_hard_limit_reached: 'credit',
  billing_not_active: 'credit',
  rate_limit_exceeded: 'limit',
  rate_limit_error: 'limit',
  tokens: 'limit',
  requests: 'limit',
  slow_down: 'overloaded',
  server_is_overloaded: 'overloaded',
  server_error: 'overloaded',
  invalid_api_key: 'auth',
  authentication_error: 'auth',
};

export function failure(refused: Refused, { model, now }: Asked, told: readonly Reading[]): Failure {
  const { status, headers, body } = refused;
  const said = recordOf(body)['error'];
  const error = recordOf(said);
  const message = textOf(error['message']) || textOf(said) || 'The model gave no reason.';
  // Some send the status as a code inside a good answer.
  const inner = amountOf(error['code']);
  const reason =
    byCode[textOf(error['code'])] ?? byCode[textOf(error['type'])] ?? reasonOf(status ?? inner) ?? 'refused';
  if (reason === 'credit') return { reason, message, retryAt: null, readings: [usedUp('balance', null)] };
  if (reason !== 'limit') return { reason, message, retryAt: askedToWait(headers, now), readings: [] };
  const named = told.some(({ used }) => used !== null && used >= 1);
  const wait = durationMs(/try again in ((?:\d+(?:\.\d+)?(?:ms|h|m|s))+)/i.exec(message)?.[1] ?? '');
  const retryAt = limitEnds(told, headers, now) ?? (wait === null ? null : now + wait);
  return { reason, message, retryAt, readings: named ? [] : sizeIn(message, model, retryAt) };
}

/** `Rate limit reached for gpt-… on tokens per min (TPM): Limit 30000, Used 29000, Requested 4000.` */
function sizeIn(message: string, model: string, resetsAt: number | null): readonly Reading[] {
  const [, unit, window, size] =
    /on (requests|tokens) per (min|day)[^:]*: Limit:? (\d+)/i.exec(message) ?? [];
  if (unit === undefined || window === undefined) return [];
  const gauge = `${unit.toLowerCase()}/${window.toLowerCase()}`;
  return [usedUp(gauge, model, { capacity: amountOf(size), resetsAt })];
}
