import { AccountError } from '../ports/account.ts';
import { localDay } from '../system/localDay.ts';
import type { LedgerState, Spending } from '../town/ledger.ts';
import { spendingWords } from '../words/budgets.ts';
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
    .map(([key, spending]) => {
      const [provider = '', role = ''] = key.split(' ');
      return { provider, role, ...spending };
    });
}

/** Empty where nothing was drawn. */
export function spentText(spent: readonly SpentToday[] | null): string {
  if (spent === null || spent.length === 0) return '';
  const lines = spent.map((one) => {
    const name = one.role === 'assayer' ? `${one.provider}, assayer` : one.provider;
    return [name, spendingWords(one, t)] as const;
  });
  return section('Drawn today, in all your rigs', fields(lines));
}
