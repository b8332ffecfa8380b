import type { Bead } from '../../town/bead.ts';
import { type ReviewThread, threadsOf } from '../../town/review.ts';
import { placeText, reviewStateWord } from '../../words/review.ts';
import { plain } from '../text.ts';
import type { RigView } from '../trees/view.ts';

/** One line a comment, the newest word of each. */
export function reviewLines(view: RigView, bead: Bead): readonly string[] {
  return threadsOf(bead).map((thread) => reviewLine(view, thread));
}

function reviewLine({ t }: RigView, { id, place, state, notes }: ReviewThread): string {
  const last = notes.at(-1);
  const by = last?.agent ?? t('you');
  return `- ${id} ${placeText(place)} (${reviewStateWord(state, t)}): ${by}: ${plain(last?.words ?? '', 300)}`;
}
