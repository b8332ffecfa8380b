import type { PriceFault } from '../config/priceEntries.ts';
import type { PriceRow } from '../town/prices.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

const faults: Readonly<Record<PriceFault, (t: Translate) => string>> = {
  entry: (t) => t('A price is an object with "provider", "model", "input", "output", "asOf" and "source".'),
  unknown: (t) =>
    t(
      'A price has no other parts than "provider", "model", "input", "cachedInput", "output", "currency", "asOf" and "source".',
    ),
  provider: (t) => t('"provider" takes the name of a provider, such as {example}.', { example: 'openai' }),
  model: (t) =>
    t(
      '"model" takes the name of a model; a * at its begin or end stands for anything, and * alone for all of a provider.',
    ),
  input: (t) => t('"input" takes what a million input tokens cost, from 0 to 1,000,000.'),
  cachedInput: (t) =>
    t(
      '"cachedInput" takes what a million tokens read from a cache cost, from 0 to 1,000,000; leave it out where nobody says.',
    ),
  output: (t) => t('"output" takes what a million output tokens cost, from 0 to 1,000,000.'),
  currency: (t) => t('"currency" takes "USD" only, in which all prices and budgets count.'),
  asOf: (t) =>
    t('"asOf" takes the day from which the price holds, such as {example}.', { example: '2026-10-16' }),
  source: (t) => t('"source" takes who says so, such as the address of a page.'),
};

/** What a part of a price takes, for one that does not fit. */
export function priceFaultWords(fault: PriceFault, t: Translate): string {
  return faults[fault](t);
}

/** `At list prices as read from 2026-09-05 to 2026-10-16`: those by which what was drawn was priced; empty: by none. */
export function priceDaysWords(rows: readonly PriceRow[], t: Translate): string {
  const days = (own: boolean): readonly string[] =>
    rows
      .filter((row) => row.rates !== null && (row.own === true) === own)
      .map(({ read }) => read)
      .toSorted();
  const [first, last] = [days(false)[0], days(false).at(-1)];
  const listed =
    first === undefined || last === undefined
      ? ''
      : first === last
        ? t('At list prices as read {day}.', { day: first })
        : t('At list prices as read from {first} to {last}.', { first, last });
  const newest = days(true).at(-1);
  const own = newest === undefined ? '' : t('Your own prices are as of {day}.', { day: newest });
  return [listed, own].filter((one) => one !== '').join(' ');
}

/** `Claude opus: platform.claude.com, pricing, read 2026-09-23`. */
export function priceSourceWords(
  provider: string,
  model: string,
  row: PriceRow | null,
  t: Translate,
): string {
  const name = model === '' ? nameOf(provider) : `${nameOf(provider)} ${plain(model, 60)}`;
  if (row?.rates == null) return t('{model}: price unknown', { model: name });
  const facts = { model: name, source: plain(row.source, 120), day: row.read };
  return row.own === true
    ? t('{model}: your own price as of {day}, {source}', facts)
    : t('{model}: {source}, read {day}', facts);
}
