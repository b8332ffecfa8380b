import type { Fuel } from '../town/fuel.ts';
import { type Savings, fewestBeads } from '../town/savings.ts';
import { savingsWords } from '../words/savings.ts';
import { plainEnglish as t } from '../words/translate.ts';
import { section } from './print/lines.ts';

/** What wording tasks saves; empty where nothing was measured. */
export function savingsText({ savings }: Fuel): string {
  const words = savings === undefined ? '' : savingsWords(savings, t);
  return words === '' ? '' : section('What wording tasks saves', words);
}

/** `saving` as fractions of what a bead draws that stays as it was; null: too few beads for any claim. */
export function savingsJson({ savings }: Fuel): (Savings & { readonly neededOfEach: number }) | null {
  return savings === undefined ? null : { ...savings, neededOfEach: fewestBeads };
}
