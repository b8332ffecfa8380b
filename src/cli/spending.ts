import { goodPrices } from '../config/priceEntries.ts';
import { fitSetting } from '../config/settings.ts';
import { AccountError } from '../ports/account.ts';
import { localDay } from '../system/localDay.ts';
import { type LedgerState, type Spending, spenderOf } from '../town/ledger.ts';
import { type PriceRow, withOwn } from '../town/prices.ts';
import { spendingWords } from '../words/budgets.ts';
import { priceDaysWords } from '../words/prices.ts';
import { plainEnglish as t } from '../words/translate.ts';
import { fields, section } from './print/lines.ts';
import type { Reach } from './reach.ts';

/** What a provider's agents, or the assayer there, drew today in all of a person's rigs. */
export interface SpentToday extends Spending {
  readonly provider: string;
  readonly role: string;
}

/** Null: it cannot be told here. */
export async function spentToday(reach: Reach): Promise<readonly SpentToday[] | null> {
  if (reach.owner === null) return null;
  try {
    return today(await reach.accounts.ledger(), localDay(reach.now()));
  } catch (error) {
    if (error instanceof AccountError) return null;
    throw error;
  }
}

function today({ days }: LedgerState, day: string): readonly SpentToday[] {
  return Object.entries(days[day] ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, spending]) => ({ ...spenderOf(key), ...spending }));
}

/** Empty where nothing was drawn. `rows`: the prices by which it was priced. */
export function spentText(spent: readonly SpentToday[] | null, rows: readonly PriceRow[]): string {
  if (spent === null || spent.length === 0) return '';
  const lines = spent.map((one) => {
    const name = one.role === 'assayer' ? `${one.provider}, assayer` : one.provider;
    return [name, spendingWords(one, t)] as const;
  });
  const used = rows.filter(({ providers }) =>
    spent.some(({ provider, usd }) => usd > 0 && providers.includes(provider)),
  );
  const body = [fields(lines), priceDaysWords(used, t)].filter((one) => one !== '').join('\n');
  return section('Drawn today, in all your rigs', body);
}

/** Those that are known, the person's own before them where somebody can tell. */
export function pricesIn(reach: Reach): readonly PriceRow[] {
  if (reach.owner === null) return withOwn([]);
  const own = reach.configuration().settings.find(({ key }) => key === 'rigs.prices')?.value;
  return withOwn(goodPrices(fitSetting('rigs.prices', own) ?? []));
}
