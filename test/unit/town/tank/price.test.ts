import assert from 'node:assert/strict';
import { priceOf, priceOfToken, utcDay } from '../../../../src/town/price.ts';
import type { PriceRow } from '../../../../src/town/prices.ts';

const at = (text: string): number => Date.parse(text);
/** A Saturday. */
const some = at('2026-11-21T12:00:00Z');
const million = (input: number, cachedInput: number, output: number) => {
  return { input: input * 1e6, cachedInput: cachedInput * 1e6, output: output * 1e6 };
};
const one = million(1, 1, 1);
/** So many requests that each has a short prompt. */
const many = 1_000;

describe('the price of tokens', () => {
  const table: readonly (readonly [string, string, number | null])[] = [
    ['claude', 'claude-opus-5-5', 5 + 0.2 + 20],
    ['claude', 'claude-opus-5.5-20261001', 25.2],
    ['claude', 'opus', 25.2],
    ['claude', 'claude-opus-5', 5 + 0.5 + 25],
    ['claude', 'claude-sonnet-5-5[1m]', 2.5 + 0.1 + 10],
    ['claude', 'claude-fable-5-1', 12.5 + 0.25 + 50],
    ['codex', 'gpt-6.1-sol', 2.5 + 0.1 + 10],
    ['openai', 'gpt-6-luna', 0.61],
    ['openai', 'gpt-6.1-terra', null],
    ['gemini', 'gemini-3.8-flash', 0.75 + 0.075 + 3.75],
    ['gemini', 'gemini-3.1-pro-preview', 2 + 0.2 + 12],
    ['deepseek', 'deepseek-flash', 0.15 + 0.003 + 0.6],
    ['ollama', 'qwen3-coder:30b', 0],
    ['ollama', 'gpt-oss:120b-cloud', null],
    ['claude', 'default', null],
    ['claude', 'gpt-6-luna', null],
    ['nobody', 'claude-opus-5-5', null],
  ];
  for (const [provider, model, usd] of table)
    it(`of ${provider} ${model} is ${usd === null ? 'not known, and never nothing' : String(usd)}`, () => {
      const price = priceOf(provider, model, one, some, many);
      if (usd === null || price === null) assert.equal(price, usd);
      else assert.ok(Math.abs(price - usd) < 1e-9, String(price));
    });

  it('goes by how long the prompt was', () => {
    const prompt = (tokens: number) => ({ input: tokens, cachedInput: 0, output: 0 });
    assert.equal(priceOf('claude', 'haiku', prompt(100_000), some), 0.01);
    assert.equal(priceOf('claude', 'haiku', prompt(200_000), some), 0.1);
    assert.equal(priceOf('claude', 'haiku', prompt(200_000), some, 2), 0.02);
    const answer = { input: 300_000, cachedInput: 0, output: 1e6 };
    assert.equal(priceOf('openai', 'gpt-6-sol', answer, some), 1.2 + 15);
    // What a cache answers above the band is not said by anybody.
    assert.equal(priceOf('gemini', 'gemini-3.1-pro', million(0.1, 0.2, 0), some), null);
  });

  it('goes by the day', () => {
    const before = priceOf('claude', 'claude-sonnet-5-5', one, at('2026-10-06T23:59:59Z'), many);
    const after = priceOf('claude', 'claude-sonnet-5-5', one, at('2026-10-07T00:00:00Z'), many);
    assert.deepEqual([before, after !== null], [null, true]);
    assert.notEqual(priceOf('gemini', 'gemini-3.8-flash', one, at('2026-12-31T23:59:59Z'), many), null);
    assert.equal(priceOf('gemini', 'gemini-3.8-flash', one, at('2027-01-01T00:00:00Z'), many), null);
  });

  it('goes by the hour where nights are cheaper', () => {
    const output = million(0, 0, 1);
    const hours = ['T00:59:59Z', 'T01:00:00Z', 'T03:59:59Z', 'T04:00:00Z', 'T06:00:00Z', 'T10:00:00Z'];
    const on = (day: string) =>
      hours.map((hour) => priceOf('deepseek', 'deepseek-flash', output, at(day + hour)));
    assert.deepEqual(on('2026-11-20'), [0.6, 1.2, 1.2, 0.6, 1.2, 0.6]);
    assert.deepEqual(on('2026-11-21'), [0.6, 0.6, 0.6, 0.6, 0.6, 0.6]);
  });

  it('is what other rows say', () => {
    const rates = { input: 1, cached: null, output: 3 };
    const row = { providers: ['p'], models: ['m*'], from: '2026-01-01', rates, source: 's', read: 'd' };
    const rows: readonly PriceRow[] = [row];
    assert.equal(priceOf('p', 'mine', million(1, 0, 1), some, 1, rows), 4);
    assert.equal(priceOf('p', 'mine', one, some, 1, rows), null);
  });

  it('is foreseen for a token that nobody has drawn', () => {
    assert.equal(priceOfToken('claude', 'default', some), null);
    const usd = priceOfToken('claude', 'opus', some) ?? 0;
    assert.ok(usd > 4e-6 && usd < 20e-6, String(usd));
    assert.equal(utcDay(some), '2026-11-21');
  });
});
