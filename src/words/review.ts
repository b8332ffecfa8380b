import type { ReviewNote, ReviewPlace, ReviewState, ReviewThread } from '../town/review.ts';
import { plain, plainLines } from './plain.ts';
import type { Translate } from './translate.ts';

const states: Readonly<Record<ReviewState, (t: Translate) => string>> = {
  draft: (t) => t('draft'),
  sent: (t) => t('sent'),
  answered: (t) => t('answered'),
  resolved: (t) => t('resolved'),
  reopened: (t) => t('reopened'),
};

/** One word for how a comment stands. */
export function reviewStateWord(state: ReviewState, t: Translate): string {
  return states[state](t);
}

/** `src/a.ts:3-4`, as it was when the comment was written. */
export function placeText({ path, from, to }: Pick<ReviewPlace, 'path' | 'from' | 'to'>): string {
  const lines = from === to ? String(from) : `${String(from)}-${String(to)}`;
  return `${plain(path, 300)}:${lines}`;
}

/** A comment for whoever reads it without the file before them: where it is, what stood there, who said what. */
export function threadText(thread: ReviewThread): string {
  const { id, place, notes } = thread;
  const removed = place.side === 'base' ? ' (on the version before the change)' : '';
  const quoted = plainLines(place.lines).split('\n').slice(0, 12);
  return [
    `${id} ${placeText(place)}${removed}`,
    ...(place.lines.trim() === '' ? [] : quoted.map((line) => `> ${line}`)),
    ...notes.map(noteText),
  ].join('\n');
}

function noteText({ agent, words, draft }: ReviewNote): string {
  const mark = draft === true ? ' (draft)' : '';
  return `${agent === null ? 'person' : plain(agent, 60)}${mark}: ${plainLines(words).trim()}`;
}
