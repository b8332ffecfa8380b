import type { ModelErrorReason } from '../../ports/models.ts';
import type { Instant } from '../../town/ids.ts';
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
import { type Json, amountOf, recordOf, textOf } from '../said.ts';
import { askedToWait, instantOf, limitEnds } from '../waits.ts';

/**
 * What Anthropic's answers say about limits. Header names: platform.claude.com "Rate limits"; the `unified` ones are
 * those of subscriptions, as Claude Code reads them.
 */
const prefix = 'anthropic-ratelimit-';

/** Of a key: limits of a minute, for a class of models. */
const perMinute: Readonly<Record<string, string>> = {
  requests: 'requests/min',
  tokens: 'tokens/min',
  'input-tokens': 'input-tokens/min',
  'output-tokens': 'output-tokens/min',
};

/** `anthropic-ratelimit-unified-7d_opus-utilization`: window, class of models where it is for one, what is said of it. */
const unified = /^anthropic-ratelimit-unified-(5h|7d)(?:[_-](\w+))?-(?:status|utilization|reset)$/;
const windows: Readonly<Record<string, string>> = { '5h': '5h', '7d': 'weekly' };
/** The binding window where only its name is said. */
const claims = /^(five_hour|seven_day)(?:_(\w+))?$/;
const claimed: Readonly<Record<string, string>> = { five_hour: '5h', seven_day: 'weekly' };

export const anthropicDialect: Dialect = {
  readings: (headers, { model, now }) => {
    const windowed = windowReadings(headers, now);
    const buckets = bucketReadings(headers, model, {
      gauges: perMinute,
      header: (name, what) => `${prefix}${name}-${what}`,
      at: (reset) => instantOf(reset, headers, now),
    });
    return [...buckets, ...(windowed.length > 0 ? windowed : claimReadings(headers, now))];
  },
  failure,
};

function windowReadings(headers: Headers, now: Instant): readonly Reading[] {
  const names = [...headers.keys()].flatMap((name) => {
    const [, window, model] = unified.exec(name) ?? [];
    return window === undefined ? [] : [[window, model ?? null] as const];
  });
  const distinct = new Map(names.map(([window, model]) => [`${window} ${model ?? ''}`, { window, model }]));
  return [...distinct.values()].map(({ window, model }) => {
    const of = (what: string): string =>
      ['_', '-']
        .map((join) => headers.get(`${prefix}unified-${window}${model === null ? '' : join + model}-${what}`))
        .find((value) => value !== null) ?? '';
    return {
      gauge: windows[window] ?? window,
      model,
      used: of('status') === 'rejected' ? 1 : amountOf(of('utilization')),
      capacity: null,
      resetsAt: instantOf(of('reset'), headers, now),
      source: 'headers',
    };
  });
}

function claimReadings(headers: Headers, now: Instant): readonly Reading[] {
  if (headers.get(`${prefix}unified-status`) !== 'rejected') return [];
  const [, window, model] = claims.exec(headers.get(`${prefix}unified-representative-claim`) ?? '') ?? [];
  if (window === undefined) return [];
  const resetsAt = instantOf(headers.get(`${prefix}unified-reset`) ?? '', headers, now);
  return [usedUp(claimed[window] ?? window, model ?? null, { resetsAt, source: 'headers' })];
}

/** `error.type` of a body that came inside a stream, where there is no status. */
const byType: Readonly<Partial<Record<string, ModelErrorReason>>> = {
  rate_limit_error: 'limit',
  billing_error: 'credit',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  timeout_error: 'connection',
  authentication_error: 'auth',
  permission_error: 'auth',
  invalid_request_error: 'refused',
  not_found_error: 'refused',
  request_too_large: 'refused',
};

function failure(refused: Refused, { now }: Asked, told: readonly Reading[]): Failure {
  const { status, headers, body } = refused;
  const error = recordOf(recordOf(body)['error']);
  const message = textOf(error['message']) || 'The model gave no reason.';
  const usual = reasonOf(status) ?? byType[textOf(error['type'])] ?? 'refused';
  const money = moneyGauge(error, message);
  if (usual === 'credit' || money !== null) {
    const resetsAt = money === 'spend' ? (namedDay(message) ?? nextMonth(now)) : null;
    const readings = [usedUp(money ?? 'balance', null, { resetsAt })];
    return { reason: 'credit', message, retryAt: resetsAt, readings };
  }
  if (usual !== 'limit') return { reason: usual, message, retryAt: askedToWait(headers, now), readings: [] };
  // Of the vendor's own machines, not of the account.
  const reason = /temporarily limiting/i.test(message) ? 'overloaded' : 'limit';
  const reset = instantOf(headers.get(`${prefix}unified-reset`) ?? '', headers, now);
  return { reason, message, retryAt: limitEnds(told, headers, now) ?? reset, readings: [] };
}

/** Money is refused under several types and statuses. `spend`: a cap that ends with the month. */
function moneyGauge(error: Json, message: string): 'balance' | 'spend' | null {
  if (recordOf(error['details'])['error_code'] === 'enforced_spend_limit_reached') return 'spend';
  if (/reached your specified .*usage limits|spend(ing)? (limit|cap)/i.test(message)) return 'spend';
  return /credit balance is too low/i.test(message) ? 'balance' : null;
}

/** `You will regain access on 2026-12-01 at 00:00 UTC.` */
function namedDay(message: string): Instant | null {
  const [, day, time] = /regain access on (\d{4}-\d\d-\d\d)(?: at (\d\d:\d\d))?/.exec(message) ?? [];
  const at = day === undefined ? NaN : Date.parse(`${day}T${time ?? '00:00'}Z`);
  return Number.isNaN(at) ? null : at;
}

function nextMonth(now: Instant): Instant {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
