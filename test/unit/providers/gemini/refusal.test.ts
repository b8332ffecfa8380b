import assert from 'node:assert/strict';
import { nextPacificMidnight } from '../../../../src/providers/gemini/pacific.ts';
import { refusalIn } from '../../../../src/providers/gemini/refusal.ts';

const at = Date.UTC(2026, 10, 21, 18);
const google = 'type.googleapis.com/google.rpc.';

function body(code: number, message: string, ...details: readonly object[]): string {
  return JSON.stringify({ error: { code, message, status: 'X', details } });
}
const quota = (quotaId: string): object => ({ '@type': `${google}QuotaFailure`, violations: [{ quotaId }] });
const retry = (retryDelay: string): object => ({ '@type': `${google}RetryInfo`, retryDelay });
const info = (reason: string, metadata: object = {}): object => ({
  '@type': `${google}ErrorInfo`,
  reason,
  domain: 'cloudcode-pa.googleapis.com',
  metadata,
});
const until = (status: number, said: string): number | null | 'login' | 'none' => {
  const found = refusalIn(status, said, at);
  if (found === null) return 'none';
  return found.kind === 'login' ? 'login' : found.until;
};

describe('A request Gemini refused', () => {
  it("for the day's quota ends at midnight Pacific, though the API names a delay of seconds", () => {
    const said = body(
      429,
      'You exceeded your current quota. Please retry in 37s.',
      quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
      retry('37s'),
    );
    assert.deepEqual(refusalIn(429, said, at), {
      kind: 'limited',
      until: Date.UTC(2026, 10, 22, 8),
      detail: 'You exceeded your current quota. Please retry in 37s.',
    });
  });

  it('for the minute, or because the server is busy, is tried again by the program', () => {
    const minute = body(429, 'x', quota('GenerateRequestsPerMinutePerProjectPerModel'), retry('2s'));
    assert.equal(until(429, minute), 'none');
    assert.equal(until(429, body(429, 'Scripted 429')), 'none');
    assert.equal(until(503, body(503, 'overloaded')), 'none');
    assert.equal(until(500, 'no json {'), 'none');
    assert.equal(until(429, body(429, 'limit: 0.5')), 'none');
  });

  it('for longer than the program waits ends when it was told', () => {
    assert.equal(until(429, body(429, 'x', retry('301s'))), at + 301_000);
    assert.equal(until(429, body(429, 'x', retry('300s'))), 'none');
    assert.equal(until(429, body(429, 'Please retry in 4000.5s.')), at + 4_000_500);
  });

  it('by Code Assist ends when it says, or nobody knows when', () => {
    const stamped = info('QUOTA_EXHAUSTED', { quotaResetTimeStamp: '2026-11-21T23:00:00Z' });
    assert.equal(until(429, body(429, 'x', stamped)), Date.UTC(2026, 10, 21, 23));
    assert.equal(until(429, body(429, 'x', info('QUOTA_EXHAUSTED'), retry('60s'))), at + 60_000);
    assert.equal(until(429, body(429, 'x', info('INSUFFICIENT_G1_CREDITS_BALANCE'))), null);
    assert.equal(until(429, body(429, 'Quota exceeded, limit: 0, model: x')), null);
  });

  it('for want of a login needs a person', () => {
    assert.equal(until(401, body(401, 'Scripted 401')), 'login');
    assert.equal(until(403, body(403, 'Scripted 403')), 'login');
    assert.equal(until(400, body(400, 'API key not valid.', info('API_KEY_INVALID'))), 'login');
    assert.equal(until(400, body(400, 'The request is too long.')), 'none');
  });

  it('is found where the body stands within words or within another body', () => {
    const daily = body(429, 'Used up', quota('PerDay'));
    assert.equal(until(429, `[API Error: ${daily}]`), Date.UTC(2026, 10, 22, 8));
    assert.equal(until(429, body(429, daily)), Date.UTC(2026, 10, 22, 8));
    assert.equal(refusalIn(401, 'x'.repeat(9_999), at)?.detail?.length, 500);
  });
});

describe('Midnight Pacific', () => {
  const cases = [
    ['in winter', '2026-01-05T07:59:59.500Z', '2026-01-05T08:00:00.000Z'],
    ['exactly', '2026-01-05T08:00:00.000Z', '2026-01-06T08:00:00.000Z'],
    ['in summer', '2026-07-01T12:00:00.000Z', '2026-07-02T07:00:00.000Z'],
    ['before the short day', '2026-03-08T07:30:00.000Z', '2026-03-08T08:00:00.000Z'],
    ['on the short day', '2026-03-08T09:00:00.000Z', '2026-03-09T07:00:00.000Z'],
    ['on the long day', '2026-11-01T07:30:00.000Z', '2026-11-02T08:00:00.000Z'],
    ['late on the long day', '2026-11-02T07:30:00.000Z', '2026-11-02T08:00:00.000Z'],
  ] as const;
  for (const [when, now, expected] of cases) {
    it(`comes next ${when}`, () => {
      assert.equal(new Date(nextPacificMidnight(Date.parse(now))).toISOString(), expected);
    });
  }
});
