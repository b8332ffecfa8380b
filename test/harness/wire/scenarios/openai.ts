/** OpenAI's Chat Completions. */
import type { Turn } from '../turn.ts';
import { type Scenarios, hour, none, normal, normally, says, utc, wrongKey, busyTwice } from './scenario.ts';

function openaiMinute(left: readonly [number, number], resets: readonly [string, string]): object {
  return {
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': String(left[0]),
    'x-ratelimit-reset-requests': resets[0],
    'x-ratelimit-limit-tokens': '150000',
    'x-ratelimit-remaining-tokens': String(left[1]),
    'x-ratelimit-reset-tokens': resets[1],
  };
}

export function openaiError(status: number, error: object, headers: object = {}): Turn {
  return { status, headers: { ...headers }, body: { error: { param: null, ...error } } };
}

export function openaiStream(body: string): Turn {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body,
  };
}

const openai: Scenarios = {
  normal: {
    turns: [() => ({ ...says, headers: { ...openaiMinute([45, 75_000], ['15s', '1m0.5s']) } })],
    fails: null,
    told: [
      ['requests/min 0.25 of m', 15_000],
      ['tokens/min 0.5 of m', 60_500],
    ],
  },
  warning: {
    turns: [() => ({ ...says, headers: { ...openaiMinute([3, 150_000], ['57s', '12ms']) } })],
    fails: null,
    told: [
      ['requests/min 0.95 of m', 57_000],
      ['tokens/min 0 of m', 12],
    ],
  },
  'a storm within a minute': {
    turns: [
      () =>
        openaiError(
          429,
          { code: 'rate_limit_exceeded', message: 'Slow.' },
          { ...openaiMinute([10, 0], ['1s', '20s']), 'retry-after': '18' },
        ),
      normally,
    ],
    fails: null,
    restarts: ['limit'],
    told: [
      ['requests/min 0.8333 of m', 1_000],
      ['tokens/min 1 of m', 20_000],
    ],
    slept: [18_000, 20_500],
  },
  'the limit of a minute, too long to wait': {
    turns: [
      () => openaiError(429, { code: 'rate_limit_exceeded', message: 'Slow.' }, { 'retry-after': '7999' }),
    ],
    fails: ['limit', 7_999_000],
    told: none,
  },
  'a day reached': {
    turns: [
      () =>
        openaiError(429, {
          ...{ code: 'rate_limit_exceeded', type: 'requests' },
          message:
            'Rate limit reached for m on requests per day (RPD): Limit 200, Used 200, Requested 1. Please try again in 7m12s.',
        }),
    ],
    fails: ['limit', 432_000],
    told: [['requests/day 1 of m', 432_000]],
  },
  overload: busyTwice(503),
  'overload in the middle of an answer': {
    turns: [
      () => openaiStream('data: {"error":{"type":"server_error","code":null,"message":"Overloaded"}}\n\n'),
      normally,
    ],
    fails: null,
    restarts: ['overloaded'],
    told: none,
  },
  'a spend limit': {
    turns: [() => openaiError(400, { code: 'billing_hard_limit_reached', message: 'Your hard limit.' })],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'a balance of 0': {
    turns: [
      () =>
        openaiError(429, {
          ...{ code: 'insufficient_quota', type: 'insufficient_quota' },
          message: 'You exceeded your current quota, please check your plan and billing details.',
        }),
    ],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'a clock that is off': {
    turns: [
      ({ now }) =>
        openaiError(
          429,
          { code: 'rate_limit_exceeded', message: 'Slow.' },
          { date: utc(now + 3 * hour), 'retry-after': utc(now + 4 * hour) },
        ),
    ],
    fails: ['limit', hour],
    told: none,
  },
  'missing headers': normal,
  'a 200 that carries a limit': {
    turns: [
      () =>
        openaiError(
          200,
          { code: 'rate_limit_exceeded', type: 'tokens', message: 'No more.' },
          { 'retry-after': '600' },
        ),
    ],
    fails: ['limit', 600_000],
    told: none,
  },
  'a limit that moves': {
    turns: [
      () => openaiError(429, { code: 'rate_limit_exceeded', message: 'Please try again in 20s.' }),
      () => openaiError(429, { code: 'rate_limit_exceeded', message: 'Please try again in 1.5s.' }),
      normally,
    ],
    fails: null,
    restarts: ['limit', 'limit'],
    told: none,
    slept: [21_500, 23_500],
  },
  'a wrong key': wrongKey,
};

export function openaiScenarios(): Scenarios {
  return openai;
}
