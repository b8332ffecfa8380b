import type { ModelErrorReason } from '../../ports/models.ts';
import type { Instant } from '../../town/ids.ts';
import type { Reading } from '../../town/tank.ts';
import { type Asked, type Dialect, type Failure, type Refused, reasonOf, usedUp } from '../dialect.ts';
import { type Json, amountOf, recordOf, recordsOf, textOf } from '../said.ts';
import { askedToWait, durationMs } from '../waits.ts';
import { nextPacificMidnight } from './pacific.ts';

/**
 * What the Gemini API says about limits: nothing in headers, all in the body of a 429 (google.rpc `QuotaFailure`,
 * `RetryInfo`). A limit's size is learned only there.
 */
export const geminiDialect: Dialect = { readings: () => [], failure };

/** `error.status`: said also where there is no HTTP status. */
const byStatus: Readonly<Partial<Record<string, ModelErrorReason>>> = {
  RESOURCE_EXHAUSTED: 'limit',
  UNAVAILABLE: 'overloaded',
  INTERNAL: 'overloaded',
  DEADLINE_EXCEEDED: 'connection',
  UNAUTHENTICATED: 'auth',
  PERMISSION_DENIED: 'auth',
};

/** Machines of Google's, whatever the account has left. */
const full: ReadonlySet<unknown> = new Set(['MODEL_CAPACITY_EXHAUSTED', 'MODEL_CAPACITY_EXCEEDED']);

function failure({ status, headers, body }: Refused, asked: Asked): Failure {
  const error = recordOf(recordOf(Array.isArray(body) ? body[0] : body)['error']);
  const message = textOf(error['message']) || 'The model gave no reason.';
  const info = textOf(detail(error, 'ErrorInfo')['reason']);
  const usual = byStatus[textOf(error['status'])] ?? reasonOf(status ?? amountOf(error['code'])) ?? 'refused';
  if (info === 'API_KEY_INVALID') return { reason: 'auth', message, retryAt: null, readings: [] };
  if (isMoney(info, message))
    return { reason: 'credit', message, retryAt: null, readings: [usedUp('balance', null)] };
  if (usual === 'limit' && !full.has(info)) return limited(error, message, headers, asked);
  const reason = full.has(info) ? 'overloaded' : usual;
  const retryAt = reason === 'overloaded' ? waitedFor(error, message, headers, asked.now) : null;
  return { reason, message, retryAt, readings: [] };
}

/** The usual words of a limit speak of plan and billing, too. */
function isMoney(info: string, message: string): boolean {
  return (
    info === 'INSUFFICIENT_G1_CREDITS_BALANCE' ||
    /prepay\w* credits? (are|is) depleted|exceeded its .*spend(ing)? cap/i.test(message)
  );
}

function limited(error: Json, message: string, headers: Headers, asked: Asked): Failure {
  const { model, now } = asked;
  const wait = waitedFor(error, message, headers, now);
  const readings = recordsOf(detail(error, 'QuotaFailure')['violations']).flatMap(
    (one): readonly Reading[] => {
      const quota = textOf(one['quotaId']);
      const window = /PerDay|Daily/.test(quota) ? 'day' : quota.includes('PerMinute') ? 'min' : null;
      if (window === null) return [];
      const unit = /token/i.test(quota) ? 'tokens' : 'requests';
      const resetsAt = window === 'day' ? nextPacificMidnight(now) : (wait ?? now + 60_000);
      const capacity = amountOf(one['quotaValue']);
      const of = textOf(recordOf(one['quotaDimensions'])['model']) || model;
      return [usedUp(`${unit}/${window}`, of, { capacity, resetsAt })];
    },
  );
  // With a day's quota a delay of some seconds is named as well.
  const ends = Math.max(...readings.flatMap(({ resetsAt }) => resetsAt ?? []));
  return { reason: 'limit', message, retryAt: Number.isFinite(ends) ? ends : wait, readings };
}

function waitedFor(error: Json, message: string, headers: Headers, now: Instant): Instant | null {
  const said =
    textOf(detail(error, 'RetryInfo')['retryDelay']) || (/retry in ([\d.]+m?s)/.exec(message)?.[1] ?? '');
  const delay = durationMs(said);
  return delay === null ? askedToWait(headers, now) : now + delay;
}

function detail(error: Json, kind: string): Json {
  return (
    recordsOf(error['details']).find((one) => one['@type'] === `type.googleapis.com/google.rpc.${kind}`) ?? {}
  );
}
