import type { BatchWords } from '../vscode/messages/queueBatch.ts';
import { element, filled, setText } from './dom.ts';

/** Between two looks at the clock. */
const everyMs = 5_000;

/** What is left of something, as it was usually; it says nothing where that is not known, or over already. */
export function timeLeft(endsAt: number | null): readonly HTMLElement[] {
  return endsAt === null ? [] : [element('span', { class: 'left', 'data-ends': String(endsAt) })];
}

/** Says in all of them how much is left now. */
export function tellTimeLeft(within: ParentNode, words: BatchWords, now = Date.now()): void {
  for (const one of within.querySelectorAll<HTMLElement>('[data-ends]'))
    setText(one, leftText(Number(one.dataset['ends']) - now, words));
}

export function keepTimeLeft(within: ParentNode, words: BatchWords): void {
  setInterval(() => {
    tellTimeLeft(within, words);
  }, everyMs);
}

function leftText(ms: number, words: BatchWords): string {
  if (ms <= 0) return '';
  return ms < 60_000 ? words.leftShort : filled(words.left, { count: Math.round(ms / 60_000) });
}
