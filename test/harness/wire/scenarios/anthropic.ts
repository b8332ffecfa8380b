/** Anthropic's Messages: a key's limits of a minute, and a subscription's windows. */
import {
  type Scenarios,
  type Told,
  hour,
  minute,
  none,
  normal,
  normally,
  says,
  seconds,
  iso,
  utc,
  wrongKey,
  busyTwice,
} from './scenario.ts';

function anthropicMinute(now: number, left: number, resetsIn: number): Record<string, string> {
  return {
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': String(left),
    'anthropic-ratelimit-requests-reset': iso(now + resetsIn),
    'anthropic-ratelimit-input-tokens-limit': '30000',
    'anthropic-ratelimit-input-tokens-remaining': '15000',
    'anthropic-ratelimit-input-tokens-reset': iso(now + resetsIn),
  };
}

function subscription(now: number, status: string, used: readonly [number, number]): Record<string, string> {
  return {
    'anthropic-ratelimit-unified-status': status,
    'anthropic-ratelimit-unified-reset': seconds(now + hour),
    'anthropic-ratelimit-unified-5h-status': used[0] >= 1 ? 'rejected' : 'allowed',
    'anthropic-ratelimit-unified-5h-utilization': String(used[0]),
    'anthropic-ratelimit-unified-5h-reset': seconds(now + hour),
    'anthropic-ratelimit-unified-7d-status': used[1] >= 1 ? 'rejected' : 'allowed',
    'anthropic-ratelimit-unified-7d-utilization': String(used[1]),
    'anthropic-ratelimit-unified-7d-reset': seconds(now + 48 * hour),
  };
}

const half: Told = ['input-tokens/min 0.5 of m', minute];

const anthropic: Scenarios = {
  normal: {
    turns: [({ now }) => ({ ...says, headers: anthropicMinute(now, 40, minute) })],
    fails: null,
    told: [['requests/min 0.2 of m', minute], half],
  },
  warning: {
    turns: [({ now }) => ({ ...says, headers: subscription(now, 'allowed_warning', [0.92, 0.4]) })],
    fails: null,
    told: [
      ['5h 0.92', hour],
      ['weekly 0.4', 48 * hour],
    ],
  },
  'a storm within a minute': {
    turns: [
      ({ now }) => ({
        status: 429,
        headers: { 'retry-after': '20', ...anthropicMinute(now, 0, minute) },
      }),
      normally,
    ],
    fails: null,
    restarts: ['limit'],
    told: [['requests/min 1 of m', minute], half],
    slept: [20_000, 21_000],
  },
  'the limit of a minute, too long to wait': {
    turns: [() => ({ status: 429, headers: { 'retry-after': '7999' } })],
    fails: ['limit', 7_999_000],
    told: none,
  },
  'five hours reached': {
    turns: [
      ({ now }) => ({
        status: 429,
        headers: { 'retry-after': '3600', ...subscription(now, 'rejected', [1, 0.4]) },
      }),
    ],
    fails: ['limit', hour],
    told: [
      ['5h 1', hour],
      ['weekly 0.4', 48 * hour],
    ],
  },
  'a week reached': {
    turns: [({ now }) => ({ status: 429, headers: subscription(now, 'rejected', [1, 1]) })],
    fails: ['limit', 48 * hour],
    told: [
      ['5h 1', hour],
      ['weekly 1', 48 * hour],
    ],
  },
  overload: busyTwice(529),
  'overload in the middle of an answer': {
    turns: [
      () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
      }),
      normally,
    ],
    fails: null,
    restarts: ['overloaded'],
    told: none,
  },
  'a spend limit': {
    turns: [
      () => ({
        status: 400,
        body: {
          type: 'error',
          error: {
            type: 'invalid_request_error',
            message:
              'You have reached your specified API usage limits. You will regain access on 2099-01-01 at 00:00 UTC.',
          },
        },
      }),
    ],
    fails: ['credit', Infinity],
    told: [['spend 1', Infinity]],
  },
  'a balance of 0': {
    turns: [
      () => ({
        status: 400,
        body: {
          type: 'error',
          error: { type: 'invalid_request_error', message: 'Your credit balance is too low.' },
        },
      }),
    ],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'a clock that is off': {
    turns: [
      ({ now }) => ({
        ...says,
        headers: { date: utc(now - 3 * hour), ...anthropicMinute(now - 3 * hour, 40, minute) },
      }),
    ],
    fails: null,
    told: [['requests/min 0.2 of m', minute], half],
  },
  'missing headers': normal,
  'a 200 that carries a limit': {
    turns: [
      () => ({
        status: 200,
        headers: { 'retry-after': '600' },
        body: { type: 'error', error: { type: 'rate_limit_error', message: 'No more.' } },
      }),
    ],
    fails: ['limit', 600_000],
    told: none,
  },
  'a limit that moves': {
    turns: [
      () => ({ status: 429, headers: { 'retry-after': '30' } }),
      () => ({ status: 429, headers: { 'retry-after': '40' } }),
      normally,
    ],
    fails: null,
    restarts: ['limit', 'limit'],
    told: none,
    slept: [70_000, 72_000],
  },
  'a wrong key': wrongKey,
};

export function anthropicScenarios(): Scenarios {
  return anthropic;
}
