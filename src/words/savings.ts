import { type Savings, fewestBeads } from '../town/savings.ts';
import type { Translate } from './translate.ts';

/** What wording tasks saves, only as surely as it was measured; empty where nobody was drawn for it. */
export function savingsWords({ worded, control, saving }: Savings, t: Translate): string {
  if (worded + control === 0) return '';
  if (saving === null)
    return t(
      'Nothing can be said yet: {worded} worded beads and {control} that stayed as they were are done, {fewest} of each are needed.',
      { worded, control, fewest: fewestBeads },
    );
  const { saved, low, high } = saving;
  const beads = { worded, control };
  if (low > 0)
    return t(
      '{percent}% fewer tokens a bead, between {low}% and {high}% ({worded} worded, {control} as they were; the wording’s own tokens count).',
      { ...beads, percent: whole(saved), low: whole(low), high: whole(high) },
    );
  if (high < 0)
    return t(
      '{percent}% more tokens a bead, between {low}% and {high}% ({worded} worded, {control} as they were; the wording’s own tokens count).',
      { ...beads, percent: whole(-saved), low: whole(-high), high: whole(-low) },
    );
  return t(
    'No saving is proven: between {more}% more and {fewer}% fewer tokens a bead ({worded} worded, {control} as they were; the wording’s own tokens count).',
    { ...beads, more: whole(-low), fewer: whole(high) },
  );
}

/** The same in a few words, for a row. */
export function savingsBrief({ saving }: Savings, t: Translate): string {
  if (saving === null) return t('too few beads yet');
  const { saved, low, high } = saving;
  if (low > 0) return t('{percent}% fewer tokens', { percent: whole(saved) });
  return high < 0 ? t('{percent}% more tokens', { percent: whole(-saved) }) : t('no saving proven');
}

function whole(fraction: number): number {
  return Math.round(fraction * 100);
}
