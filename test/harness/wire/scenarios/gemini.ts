/** The Gemini API: everything is in the body of a refusal. */
import type { Turn } from '../turn.ts';
import { type Scenarios, none, normal, normally, busyTwice } from './scenario.ts';

const google = (kind: string, more: object): object => ({
  '@type': `type.googleapis.com/google.rpc.${kind}`,
  ...more,
});

function exhausted(delay: string | null, violations: readonly object[], status = 429): Turn {
  return {
    status,
    body: {
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota, please check your plan and billing details.',
        details: [
          ...(violations.length === 0 ? [] : [google('QuotaFailure', { violations })]),
          google('Help', { links: [] }),
          ...(delay === null ? [] : [google('RetryInfo', { retryDelay: delay })]),
        ],
      },
    },
  };
}

const quota = (quotaId: string, quotaValue: string): object => ({
  ...{ quotaMetric: 'generativelanguage.googleapis.com/generate_content', quotaId, quotaValue },
  quotaDimensions: { location: 'global', model: 'm' },
});

const gemini: Scenarios = {
  normal,
  'a storm within a minute': {
    turns: [
      () => exhausted('18s', [quota('GenerateContentInputTokensPerModelPerMinute-FreeTier', '250000')]),
      normally,
    ],
    fails: null,
    restarts: ['limit'],
    told: [['tokens/min 1 of m', 18_000]],
    slept: [18_000, 19_000],
  },
  'a day reached': {
    // A delay of some seconds is named as well.
    turns: [() => exhausted('37s', [quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier', '50')])],
    fails: ['limit', Infinity],
    told: [['requests/day 1 of m', Infinity]],
  },
  overload: busyTwice(503),
  'a spend limit': {
    turns: [
      () => ({
        status: 429,
        body: {
          error: {
            ...{ code: 429, status: 'RESOURCE_EXHAUSTED' },
            message: 'Your project has exceeded its monthly spending cap.',
          },
        },
      }),
    ],
    fails: ['credit', null],
    told: [['balance 1', null]],
  },
  'missing headers': normal,
  'a 200 that carries a limit': {
    turns: [() => exhausted('600s', [], 200)],
    fails: ['limit', 600_000],
    told: none,
  },
  'a limit that moves': {
    turns: [
      () => exhausted('20s', [quota('GenerateRequestsPerMinutePerProjectPerModel', '15')]),
      () => exhausted('30.5s', [quota('GenerateRequestsPerMinutePerProjectPerModel', '10')]),
      normally,
    ],
    fails: null,
    restarts: ['limit', 'limit'],
    told: [
      ['requests/min 1 of m', 20_000],
      ['requests/min 1 of m', 30_500],
    ],
    slept: [50_500, 52_500],
  },
  'a wrong key': {
    turns: [
      () => ({
        status: 400,
        body: {
          error: {
            ...{ code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid.' },
            details: [google('ErrorInfo', { reason: 'API_KEY_INVALID', domain: 'googleapis.com' })],
          },
        },
      }),
    ],
    fails: ['auth', null],
    told: none,
  },
};

export function geminiScenarios(): Scenarios {
  return gemini;
}
