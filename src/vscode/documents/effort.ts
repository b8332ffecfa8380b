import { type Bead, totalUsage } from '../../town/bead.ts';
import { type BeadSpending, type LedgerState, type Spending, inRig } from '../../town/ledger.ts';
import { priceRowOf } from '../../town/price.ts';
import type { PriceRow } from '../../town/prices.ts';
import { spendingWords } from '../../words/budgets.ts';
import { priceSourceWords } from '../../words/prices.ts';
import type { RigView } from '../trees/view.ts';

/** What money is told by: the person's ledger and the prices that hold for them. */
export interface Books {
  /** Null: it cannot be read. */
  readonly ledger: LedgerState | null;
  readonly rows: readonly PriceRow[];
}

/** Sessions, tokens by kind and money of a bead, its agents and its assayer apart, and where the prices come from. */
export function effortLines(view: RigView, bead: Bead, books: Books): readonly string[] {
  const { t } = view;
  const spent = spentOn(view, bead, books);
  if (bead.attempts === 0 && spent === null) return [];
  const sessions = t('Sessions: {count}', { count: bead.attempts });
  const lines = spent === null ? [tokenLine(view, bead), ...notBooked(view, books)] : spentLines(view, spent);
  const prices = spent === null ? [] : priceLines(view, bead, books.rows);
  return [sessions, ...lines, ...prices].map((line) => `- ${line}`);
}

function spentOn({ state }: RigView, bead: Bead, { ledger }: Books): BeadSpending | null {
  const key = state.rig === null ? null : inRig(state.rig.id, bead.id);
  return (key === null ? undefined : ledger?.beads[key]) ?? null;
}

function spentLines({ t }: RigView, spent: BeadSpending): readonly string[] {
  const { assayer } = spent;
  const agents = spendingWords(assayer === undefined ? spent : without(spent, assayer), t);
  const ofAssayer = assayer === undefined ? '' : spendingWords(assayer, t);
  return [
    agents === '' ? '' : t('Agents: {spent}', { spent: agents }),
    ofAssayer === '' ? '' : t('Assayer: {spent}', { spent: ofAssayer }),
  ].filter((line) => line !== '');
}

function without(all: Spending, part: Spending): Spending {
  return {
    input: all.input - part.input,
    cachedInput: all.cachedInput - part.cachedInput,
    output: all.output - part.output,
    requests: all.requests - part.requests,
    usd: Math.max(0, all.usd - part.usd),
    unpriced: all.unpriced - part.unpriced,
  };
}

function tokenLine({ t }: RigView, bead: Bead): string {
  const { input, cachedInput, output } = totalUsage(bead);
  return t('Tokens: {input} in ({cached} from cache), {output} out', { input, cached: cachedInput, output });
}

function notBooked({ t }: RigView, { ledger }: Books): readonly string[] {
  return [
    ledger === null
      ? t('Money: your ledger cannot be read')
      : t('Money: not known, nothing of it is in your ledger'),
  ];
}

/** Of the seats that its polecats have: what was drawn before may have been another's. */
function priceLines({ state, t, now }: RigView, bead: Bead, rows: readonly PriceRow[]): readonly string[] {
  const seats = Object.values(state.polecats)
    .filter((one) => one.bead === bead.id)
    .map(({ seat }) => seat);
  const told = seats.map(({ provider, model }) =>
    priceSourceWords(provider, model, priceRowOf(provider, model, now, rows), t),
  );
  return [...new Set(told)].map((price) => t('Price of {price}', { price }));
}
