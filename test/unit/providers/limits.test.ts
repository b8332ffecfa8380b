import assert from 'node:assert/strict';
import { askedToWait, limitEnds, limitHeaders } from '../../../src/providers/claude/limits.ts';

const now = Date.UTC(2026, 10, 21, 12);
const inAnHour = now + 3_600_000;

describe("Claude's rate-limit headers", () => {
  it('are kept as they were sent, and nothing else is', () => {
    const headers = new Headers({
      'Anthropic-RateLimit-Requests-Remaining': '59',
      'Retry-After': '7',
      Server: 'x',
      'Set-Cookie': 'secret',
    });
    assert.deepEqual(limitHeaders(headers), {
      'anthropic-ratelimit-requests-remaining': '59',
      'retry-after': '7',
    });
  });

  const cases: readonly (readonly [string, Readonly<Record<string, string>>, number | null])[] = [
    ['seconds', { 'retry-after': '3600' }, inAnHour],
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, now + 1500],
    ['a date', { 'retry-after': 'Sat, 21 Nov 2026 13:00:00 GMT' }, inAnHour],
    ['a reset of the API', reset('tokens', '0', '2026-11-21T13:00:00Z'), inAnHour],
    [
      'a reset of a subscription',
      {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': String(inAnHour / 1000),
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
      'nothing from headers that make no sense',
      { 'retry-after': 'soon', 'anthropic-ratelimit-tokens-reset': '?' },
      null,
    ],
    ['nothing from none', {}, null],
  ];
  for (const [name, headers, expected] of cases) {
    it(`say when a limit ends: ${name}`, () => {
      assert.equal(limitEnds(headers, now), expected);
    });
  }

  it('do not ask to wait for limits that were not reached', () => {
    assert.equal(askedToWait(reset('requests', '900', '2026-11-21T13:00:00Z'), now), null);
    assert.equal(askedToWait({ 'retry-after': '2' }, now), now + 2000);
  });
});

function reset(bucket: string, remaining: string, at: string): Readonly<Record<string, string>> {
  return {
    [`anthropic-ratelimit-${bucket}-remaining`]: remaining,
    [`anthropic-ratelimit-${bucket}-reset`]: at,
  };
}
