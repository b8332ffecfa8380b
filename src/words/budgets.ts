import type { AskSubject } from '../town/ask.ts';
import { raisedLimit } from '../town/budget.ts';
import type { SpentBudget } from '../town/fuel.ts';
import type { Spending } from '../town/ledger.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

type Named = Pick<SpentBudget, 'scope' | 'of'>;

/** `120,000 tokens`, `$1.20`. */
export function amountWords(unit: SpentBudget['unit'], amount: number, t: Translate): string {
  return unit === 'tokens' ? t('{count} tokens', { count: grouped(amount) }) : usdWords(amount);
}

/** Which one, as a sentence begins with it. */
export function budgetName({ scope, of }: Named, title: string | null, t: Translate): string {
  const name = plain(title ?? of ?? '', 80);
  switch (scope) {
    case 'bead':
      return t('The budget of “{title}”', { title: name });
    case 'convoy':
      return t('The budget of convoy {convoy}', { convoy: name });
    case 'provider':
      return t('The budget for {provider} today', { provider: nameOf(of ?? '') });
    case 'day':
      return t('Today’s budget');
  }
}

export function budgetAskWords(
  subject: Extract<AskSubject, { kind: 'budget' }>,
  title: string | null,
  t: Translate,
): { readonly title: string; readonly detail: string } {
  const { unit, limit, used } = subject;
  const to = amountWords(unit, raisedLimit(subject), t);
  return {
    title: t('{budget} is spent: raise it to {amount}?', {
      budget: budgetName(subject, title, t),
      amount: to,
    }),
    detail: [
      t('{used} of {limit} are used.', {
        used: amountWords(unit, used, t),
        limit: amountWords(unit, limit, t),
      }),
      t('Allowed, work goes on up to {amount}. Denied, it waits with everything kept.', { amount: to }),
      unit === 'usd'
        ? t(
            'Money is what the tokens cost at the vendors’ list prices for their APIs, or at your own (rigs.prices); a bead’s page says of which day they are.',
          )
        : '',
    ]
      .filter((line) => line !== '')
      .join('\n'),
  };
}

/** `12,000 tokens in, 90,000 more from a cache, 3,000 out, $0.12 at API prices; the price of 900 tokens is not known`; empty where nothing was drawn. */
export function spendingWords({ input, cachedInput, output, usd, unpriced }: Spending, t: Translate): string {
  if (input + cachedInput + output === 0) return '';
  const kinds = { input: grouped(input), cached: grouped(cachedInput), output: grouped(output) };
  const tokens =
    cachedInput === 0
      ? t('{input} tokens in, {output} out', kinds)
      : t('{input} tokens in, {cached} more from a cache, {output} out', kinds);
  const isPriced = unpriced < input + output;
  const money = isPriced ? t('{tokens}, {usd} at API prices', { tokens, usd: usdWords(usd) }) : tokens;
  return unpriced === 0
    ? money
    : t('{spent}; the price of {count} tokens is not known', { spent: money, count: grouped(unpriced) });
}

/** Almost nothing is not nothing. */
export function usdWords(usd: number): string {
  return usd > 0 && usd < 0.01 ? '<$0.01' : `$${usd.toFixed(2)}`;
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en');
}
