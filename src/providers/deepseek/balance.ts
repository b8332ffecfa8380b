import type { Reading } from '../../town/tank.ts';
import { amountOf, recordOf, recordsOf, textOf } from '../said.ts';

/**
 * `GET /user/balance` (api-docs.deepseek.com): amounts are texts, one a currency. What is left counts as the whole of
 * it, because nobody says how much there ever was; of an amount in another currency only whether it is there is known.
 */
export function readBalance(body: unknown): readonly Reading[] {
  const { is_available, balance_infos } = recordOf(body);
  const balances = recordsOf(balance_infos);
  if (typeof is_available !== 'boolean' && balances.length === 0) return [];
  const dollars = balances.find(({ currency }) => textOf(currency) === 'USD');
  const capacity = dollars === undefined ? null : amountOf(dollars['total_balance']);
  const left = is_available === false ? 0 : (capacity ?? 1);
  return [
    { gauge: 'balance', model: null, used: left > 0 ? 0 : 1, capacity, resetsAt: null, source: 'poll' },
  ];
}
