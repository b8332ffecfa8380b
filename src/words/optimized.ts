import type { Bead } from '../town/bead.ts';
import { nameOf } from './nameOf.ts';
import { plain } from './plain.ts';
import type { Translate } from './translate.ts';

/** A task's original and its other words, for a diff in which a person accepts or rejects them. */
export interface OptimizedDiff {
  readonly title: string;
  readonly original: string;
  readonly worded: string;
  /** What was changed, as its model says. */
  readonly changes: readonly string[];
  /** What agents get now, and why. */
  readonly state: string;
}

/** Null: it stands as it was worded. */
export function optimizedDiff(
  { title, description, optimized }: Pick<Bead, 'title' | 'description' | 'optimized'>,
  t: Translate,
): OptimizedDiff | null {
  if (optimized === undefined) return null;
  const { prompt, changes, dropped, accepted, provider, model } = optimized;
  const by = { provider: nameOf(provider), model: plain(model, 60) };
  const state =
    accepted === null
      ? dropped.length === 0
        ? t('Worded by {provider} ({model}); its agent gets these words.', by)
        : t('Worded by {provider} ({model}); its agent gets the original, because this is gone: {dropped}', {
            ...by,
            dropped: dropped.map((one) => plain(one, 200)).join(' · '),
          })
      : accepted
        ? t('You accepted these words.')
        : t('You went back to the original.');
  return { title: plain(title, 120), original: description, worded: prompt, changes, state };
}
