import { equal, match } from 'node:assert/strict';
import { spentText } from '../../../src/cli/spending.ts';
import { withOwn } from '../../../src/town/prices.ts';

const spent = { input: 1_200, cachedInput: 0, output: 34, requests: 1, usd: 0.5, unpriced: 0 };
const from = '2026-11-01';

describe('What was drawn today', () => {
  it('says of which days the prices are that its money was counted by', () => {
    const text = spentText([{ provider: 'claude', role: 'agent', ...spent }], withOwn([]));
    match(
      text,
      /claude +1,200 tokens in, 34 out, \$0\.50 at API prices\n +At list prices as read from 2026-09-23 to 2026-10-16\.$/,
    );
  });

  it('says apart which of them are the person’s own', () => {
    const rates = { input: 1, cached: 1, output: 1 };
    const own = [
      { providers: ['Groq'], models: ['*'], from, rates, source: 'mine', read: from, own: true },
    ] as const;
    const text = spentText([{ provider: 'Groq', role: 'agent', ...spent }], withOwn(own));
    match(text, /Your own prices are as of 2026-11-01\.$/);
    equal(text.includes('list prices'), false);
  });

  it('names no price where none was known', () => {
    const unknown = { ...spent, usd: 0, unpriced: 1_234 };
    equal(
      spentText([{ provider: 'claude', role: 'agent', ...unknown }], withOwn([])).includes('prices'),
      false,
    );
    equal(spentText([], withOwn([])), '');
    equal(spentText(null, withOwn([])), '');
  });
});
