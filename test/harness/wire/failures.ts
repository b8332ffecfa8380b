/** How the services say no, as their command lines know them. Instants are UTC milliseconds. */
import type { Turn } from './turn.ts';

const seconds = (at: number): string => String(Math.ceil(at / 1000));

export const failures = {
  claude: {
    /** A subscription's five hours are used up. Wants an OAuth token; the command line then waits by itself. */
    subscription: (resetsAt: number): Turn => ({
      status: 429,
      headers: {
        'retry-after': '7200',
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': seconds(resetsAt),
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-reset': seconds(resetsAt),
        'anthropic-ratelimit-unified-5h-utilization': '1.0',
        'anthropic-ratelimit-unified-7d-status': 'allowed',
        'anthropic-ratelimit-unified-7d-reset': seconds(resetsAt + 86_400_000),
        'anthropic-ratelimit-unified-7d-utilization': '0.4',
        'anthropic-ratelimit-unified-overage-status': 'rejected',
      },
    }),
    /** A key's limit: too long for the command line to wait (it waits up to 60 s by itself). */
    api: (retryAfterSeconds: number): Turn => ({
      status: 429,
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
    credit: (): Turn => ({
      status: 400,
      body: {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'Your credit balance is too low to access the Anthropic API.',
        },
      },
    }),
  },
  codex: {
    subscription: (resetsAt: number): Turn => ({
      status: 429,
      headers: codexGauges({ fiveHours: 1, week: 0.4 }, resetsAt),
      body: {
        error: {
          type: 'usage_limit_reached',
          message: 'The usage limit has been reached',
          plan_type: 'plus',
          resets_at: Math.ceil(resetsAt / 1000),
        },
      },
    }),
    credit: (): Turn => ({
      status: 429,
      body: {
        error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'No quota is left.' },
      },
    }),
  },
  gemini: {
    daily: (): Turn => ({
      status: 429,
      body: {
        error: {
          code: 429,
          status: 'RESOURCE_EXHAUSTED',
          message: 'You exceeded your current quota.',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
              violations: [
                {
                  quotaMetric: 'generativelanguage.googleapis.com/generate_requests_per_day',
                  quotaId: 'GenerateRequestsPerDayPerProjectPerModel',
                },
              ],
            },
          ],
        },
      },
    }),
  },
} as const;

/** A subscription's state, as it comes with every good answer. `used`: 0–1. */
export function claudeGauges(
  used: { fiveHours: number; week: number },
  resetsAt: number,
): Record<string, string> {
  return {
    'anthropic-ratelimit-unified-status': 'allowed',
    'anthropic-ratelimit-unified-reset': seconds(resetsAt),
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-5h-status': 'allowed',
    'anthropic-ratelimit-unified-5h-reset': seconds(resetsAt),
    'anthropic-ratelimit-unified-5h-utilization': String(used.fiveHours),
    'anthropic-ratelimit-unified-7d-status': 'allowed',
    'anthropic-ratelimit-unified-7d-reset': seconds(resetsAt + 86_400_000),
    'anthropic-ratelimit-unified-7d-utilization': String(used.week),
  };
}

/** The same for Codex; it reads them with any provider. */
export function codexGauges(
  used: { fiveHours: number; week: number },
  resetsAt: number,
): Record<string, string> {
  return {
    'x-codex-primary-used-percent': String(used.fiveHours * 100),
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-at': seconds(resetsAt),
    'x-codex-secondary-used-percent': String(used.week * 100),
    'x-codex-secondary-window-minutes': '10080',
    'x-codex-secondary-reset-at': seconds(resetsAt + 86_400_000),
  };
}
