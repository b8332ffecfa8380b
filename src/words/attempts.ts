import type { Attempt, ContestNeed, Share } from '../town/attempts.ts';
import { usdWords } from './budgets.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import { beadStatusWord } from './states.ts';
import { duration } from './times.ts';
import type { Translate } from './translate.ts';

/** What attempts are compared by, each with its words for one of them; empty: nothing is known. */
const aspects: readonly {
  readonly name: (t: Translate) => string;
  readonly of: (attempt: Attempt, t: Translate) => string;
}[] = [
  { name: (t) => t('State'), of: stateWords },
  { name: (t) => t('Seat'), of: ({ seat }) => (seat === null ? '' : seatWords(seat)) },
  { name: (t) => t('Checks'), of: ({ checks }) => shareWords(checks) },
  { name: (t) => t('Criteria'), of: ({ criteria }) => shareWords(criteria) },
  { name: (t) => t('Files'), of: ({ size }) => (size === null ? '' : String(size.files)) },
  {
    name: (t) => t('Lines'),
    of: ({ size }) => (size === null ? '' : `+${String(size.insertions)} −${String(size.deletions)}`),
  },
  { name: (t) => t('Tokens'), of: ({ tokens }) => (tokens === 0 ? '' : tokens.toLocaleString('en')) },
  { name: (t) => t('Money'), of: ({ usd }) => (usd === null ? '' : usdWords(usd)) },
  { name: (t) => t('Time'), of: ({ ms }, t) => (ms === null ? '' : duration(ms, t)) },
  { name: (t) => t('Sessions'), of: ({ sessions }) => (sessions === 0 ? '' : String(sessions)) },
];

/** Attempts side by side: for each aspect its name and a cell an attempt, `–` where nothing is known. */
export function attemptRows(
  attempts: readonly Attempt[],
  t: Translate,
): readonly { readonly name: string; readonly cells: readonly string[] }[] {
  return aspects.map(({ name, of }) => ({
    name: name(t),
    cells: attempts.map((one) => of(one, t) || '–'),
  }));
}

function stateWords({ bead, isPicked }: Attempt, t: Translate): string {
  const state = beadStatusWord(bead.status, t);
  return isPicked ? `${state} (${t('picked')})` : state;
}

function seatWords({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return model === '' ? nameOf(provider) : `${nameOf(provider)} · ${plain(model, 40)}`;
}

function shareWords(share: Share | null): string {
  if (share === null) return '';
  return `${share.good === share.all ? '✓' : '✗'} ${String(share.good)}/${String(share.all)}`;
}

/** What trying a bead in several seats may draw, as a sentence. */
export function contestNeedWords(need: ContestNeed | null, count: number, t: Translate): string {
  if (need === null) return t('What {count} attempts may draw is not known.', { count });
  const tokens = need.tokens.toLocaleString('en');
  return need.usd > 0
    ? t('{count} attempts may draw {tokens} tokens, {usd} at API prices.', {
        count,
        tokens,
        usd: usdWords(need.usd),
      })
    : t('{count} attempts may draw {tokens} tokens.', { count, tokens });
}
