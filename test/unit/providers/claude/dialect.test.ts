import assert from 'node:assert/strict';
import { anthropicDialect } from '../../../../src/providers/claude/dialect.ts';
import type { Failure } from '../../../../src/providers/dialect.ts';
import { dataOf } from '../../../../src/providers/said.ts';

const now = Date.UTC(2026, 10, 21, 12);
const inAnHour = now + 3_600_000;
const asked = { model: 'm', now };
const prefix = 'anthropic-ratelimit-';

type Given = Readonly<Record<string, string>>;

function reset(bucket: string, remaining: string, at: string): Given {
  return { [`${prefix}${bucket}-remaining`]: remaining, [`${prefix}${bucket}-reset`]: at };
}

function limited(given: Given, message = 'No more.', status = 429, more: object = {}): Failure {
  const headers = new Headers(given);
  const error = { type: 'rate_limit_error', message, ...more };
  const body = dataOf(JSON.stringify({ type: 'error', error }));
  return anthropicDialect.failure(
    { status, headers, body },
    asked,
    anthropicDialect.readings(headers, asked),
  );
}

describe('what Anthropic says of limits', () => {
  const read = (given: Given): unknown[] =>
    anthropicDialect
      .readings(new Headers(given), asked)
      .map(({ gauge, model, used, capacity, resetsAt }) => [gauge, model, used, capacity, resetsAt]);

  it('are the limits of a minute, for the model that was asked', () => {
    assert.deepEqual(
      read({
        [`${prefix}requests-limit`]: '50',
        ...reset('requests', '40', '2026-11-21T13:00:00Z'),
        [`${prefix}input-tokens-limit`]: '1000',
        [`${prefix}output-tokens-remaining`]: '0',
        'set-cookie': 'x',
      }),
      [
        ['requests/min', 'm', 1 - 40 / 50, 50, inAnHour],
        ['input-tokens/min', 'm', null, 1000, null],
        ['output-tokens/min', 'm', 1, null, null],
      ],
    );
  });

  it("are a subscription's windows by their length, and those of a class of models", () => {
    assert.deepEqual(
      read({
        [`${prefix}unified-5h-status`]: 'allowed_warning',
        [`${prefix}unified-5h-utilization`]: '0.91',
        [`${prefix}unified-5h-surpassed-threshold`]: '0.9',
        [`${prefix}unified-5h-reset`]: String(inAnHour / 1000),
        [`${prefix}unified-7d-utilization`]: '0.4',
        [`${prefix}unified-7d_opus-status`]: 'rejected',
        [`${prefix}unified-overage-utilization`]: '0.7',
      }),
      [
        ['5h', null, 0.91, null, inAnHour],
        ['weekly', null, 0.4, null, null],
        ['weekly', 'opus', 1, null, null],
      ],
    );
  });

  it('is the binding window where nothing but its name is said', () => {
    assert.deepEqual(
      read({
        [`${prefix}unified-status`]: 'rejected',
        [`${prefix}unified-representative-claim`]: 'seven_day_sonnet',
        [`${prefix}unified-reset`]: String(inAnHour / 1000),
      }),
      [['weekly', 'sonnet', 1, null, inAnHour]],
    );
  });

  it('is told by our clock, also where the vendor’s is another', () => {
    const ahead = {
      date: 'Sat, 21 Nov 2026 15:00:00 GMT',
      ...reset('requests', '3', '2026-11-21T16:00:00Z'),
    };
    assert.equal(limited({ ...ahead, [`${prefix}requests-remaining`]: '0' }).retryAt, inAnHour);
  });

  const cases: readonly (readonly [string, Given, number | null])[] = [
    ['seconds', { 'retry-after': '3600' }, inAnHour],
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, now + 1500],
    ['a date', { 'retry-after': 'Sat, 21 Nov 2026 13:00:00 GMT' }, inAnHour],
    ['a reset of the API', reset('tokens', '0', '2026-11-21T13:00:00Z'), inAnHour],
    [
      'a reset of a subscription whose window is not named',
      {
        [`${prefix}unified-status`]: 'rejected',
        [`${prefix}unified-reset`]: String(inAnHour / 1000),
      },
      inAnHour,
    ],
    [
      'the latest of the limits that are used up',
      {
        ...reset('requests', '0', '2026-11-21T12:30:00Z'),
        ...reset('tokens', '0', '2026-11-21T13:00:00Z'),
        ...reset('output-tokens', '80', '2026-11-21T18:00:00Z'),
      },
      inAnHour,
    ],
    [
      'the window that ends after the wait that is asked for',
      {
        'retry-after': '60',
        [`${prefix}unified-7d-status`]: 'rejected',
        [`${prefix}unified-7d-reset`]: String(inAnHour / 1000),
      },
      inAnHour,
    ],
    [
      'the wait that is asked for, before all of a minute’s limit is back',
      { 'retry-after': '2', ...reset('tokens', '0', '2026-11-21T12:01:00Z') },
      now + 2000,
    ],
    [
      'nothing from headers that make no sense',
      { 'retry-after': 'soon', [`${prefix}tokens-reset`]: '?' },
      null,
    ],
    ['nothing from none', {}, null],
  ];
  for (const [name, headers, expected] of cases) {
    it(`say when a limit ends: ${name}`, () => {
      assert.equal(limited(headers).retryAt, expected);
    });
  }

  it('does not ask to wait for limits that were not reached', () => {
    const busy = limited(reset('requests', '900', '2026-11-21T13:00:00Z'), 'Busy', 529);
    assert.deepEqual([busy.reason, busy.retryAt], ['overloaded', null]);
    assert.equal(limited({ 'retry-after': '2' }, 'Busy', 529).retryAt, now + 2000);
  });

  it('is not the account’s where the vendor’s own machines are full', () => {
    assert.equal(
      limited({}, 'Server is temporarily limiting requests (not your usage limit)').reason,
      'overloaded',
    );
  });

  it('is money, under whatever name', () => {
    const december = Date.UTC(2026, 11);
    const low = limited({}, 'Your credit balance is too low to access the API.', 400);
    assert.deepEqual(
      [low.reason, low.retryAt, low.readings.map(({ gauge }) => gauge)],
      ['credit', null, ['balance']],
    );
    const cap = limited({}, 'Spend.', 429, { details: { error_code: 'enforced_spend_limit_reached' } });
    assert.deepEqual([cap.reason, cap.retryAt, cap.readings[0]?.gauge], ['credit', december, 'spend']);
    const own =
      'You have reached your specified API usage limits. You will regain access on 2027-01-01 at 00:00 UTC.';
    assert.equal(limited({}, own, 400).retryAt, Date.UTC(2027, 0));
    assert.equal(limited({}, 'Pay.', 402).reason, 'credit');
  });
});
