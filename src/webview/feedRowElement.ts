import type { FeedRow, FeedWords } from '../vscode/messages/feed.ts';
import { element, icon } from './dom.ts';
import { type FeedLink, linksOf } from './feedModel.ts';
import { fullInstant, shortInstant } from './instants.ts';

const levelIcons: Readonly<Record<FeedRow['level'], string>> = {
  info: 'circle-small',
  good: 'pass',
  warning: 'warning',
  error: 'error',
};

/** One line of the feed. Level and kind are said in words too, for those who don't see icon and colour. */
export function rowElement(row: FeedRow, words: FeedWords, showRig: boolean, now: number): HTMLElement {
  const time = shortInstant(row.at, now);
  const kind = words.kind[row.kind];
  const rig = showRig ? [element('span', { class: 'rig quiet', title: row.rigName }, row.rigName)] : [];
  return element(
    'div',
    {
      class: 'row',
      role: 'article',
      tabindex: '-1',
      'data-id': row.id,
      'aria-label': [time, words.levels[row.level], kind, ...(showRig ? [row.rigName] : []), row.text].join(
        ', ',
      ),
    },
    element('time', { datetime: new Date(row.at).toISOString(), title: fullInstant(row.at) }, time),
    element(
      'span',
      { class: 'level', title: words.levels[row.level] },
      icon(levelIcons[row.level], row.level),
    ),
    element('span', { class: 'kind' }, kind),
    ...rig,
    element('span', { class: 'text' }, row.text),
    element('span', { class: 'links' }, ...linksOf(row).map(linkElement)),
  );
}

/** Reached by mouse, or from its row with the arrow keys: a tab stop each would make a thousand of them. */
function linkElement(link: FeedLink): HTMLElement {
  return element(
    'button',
    { class: 'link id', type: 'button', tabindex: '-1', 'data-what': link.what },
    link.id,
  );
}
