import '@vscode-elements/elements/dist/vscode-collapsible/index.js';
import type { HistoryWords, PastRow, QueueHistory } from '../vscode/messages/queueHistory.ts';
import { element, filled } from './dom.ts';
import { flakyTable } from './flakyTable.ts';
import { fullInstant, shortInstant } from './instants.ts';
import { placeKeyed } from './keyed.ts';

const dayName = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** What landed in the last days, what it took, and the batches that are over. */
export class HistoryPart {
  readonly root = element('vscode-collapsible', { class: 'history' });
  private readonly words: HistoryWords;
  private readonly none: HTMLElement;
  private readonly body = element('div');

  constructor(words: HistoryWords) {
    this.words = words;
    this.root.heading = words.title;
    this.none = element('p', { class: 'blank' }, words.empty);
    this.root.append(this.none, this.body);
  }

  show(history: QueueHistory, severalRigs: boolean): void {
    const { days, figures, past, flaky } = history;
    this.none.hidden = days.length + figures.length + past.length + flaky.length > 0;
    this.root.description = figures.map(({ name, value }) => `${name}: ${value}`).join(' · ');
    placeKeyed(this.body, [
      ...(days.length === 0 ? [] : [this.days(days)]),
      ...(figures.length === 0 ? [] : [this.figures(figures)]),
      ...(flaky.length === 0 ? [] : [flakyTable(flaky, this.words, severalRigs)]),
      ...(past.length === 0 ? [] : [this.past(past, severalRigs)]),
    ]);
    for (const bar of this.body.querySelectorAll<HTMLElement>('.day .fill'))
      bar.style.setProperty('height', `${bar.dataset['share'] ?? '0'}%`);
  }

  private days(days: QueueHistory['days']): HTMLElement {
    const most = Math.max(1, ...days.map(({ landed }) => landed));
    const name = filled(this.words.days, { count: days.length });
    const bars = days.map(({ at, landed }, index) => {
      const said = filled(this.words.day, { day: dayName.format(at), count: landed });
      const isNamed = index === 0 || index === days.length - 1;
      return element(
        'li',
        { class: 'day', title: said },
        element('span', { class: 'unseen' }, said),
        element('span', { class: 'many', 'aria-hidden': 'true' }, landed === 0 ? '' : String(landed)),
        element(
          'span',
          { class: 'track', 'aria-hidden': 'true' },
          element('span', { class: 'fill', 'data-share': String(Math.round((landed / most) * 100)) }),
        ),
        element('span', { class: 'date quiet', 'aria-hidden': 'true' }, isNamed ? dayName.format(at) : ''),
      );
    });
    return element(
      'figure',
      { class: 'days', 'data-key': 'days' },
      element('figcaption', { class: 'quiet' }, name),
      element('ol', {}, ...bars),
    );
  }

  private figures(figures: QueueHistory['figures']): HTMLElement {
    const pairs = figures.map(({ name, value, hint }) =>
      element(
        'div',
        { title: hint },
        element('dt', {}, name),
        element(
          'dd',
          {},
          element('span', { class: 'value' }, value),
          element('span', { class: 'hint quiet' }, hint),
        ),
      ),
    );
    return element(
      'dl',
      { class: 'figures', 'data-key': 'figures', 'aria-label': this.words.figures },
      ...pairs,
    );
  }

  private past(past: readonly PastRow[], severalRigs: boolean): HTMLElement {
    const lines = past.map((row) => {
      const { at, text, culprit } = row;
      const who =
        culprit === null
          ? []
          : [
              element(
                'button',
                {
                  class: 'link id',
                  type: 'button',
                  'data-do': 'bead',
                  'data-rig': row.rig,
                  'data-bead': culprit.bead,
                },
                culprit.bead,
              ),
              ' ',
              element('span', { class: 'title' }, culprit.title),
            ];
      return element(
        'tr',
        {},
        element('td', { title: fullInstant(at) }, shortInstant(at, Date.now())),
        ...(severalRigs ? [element('td', { class: 'rig', title: row.rigName }, row.rigName)] : []),
        element('td', {}, text),
        element('td', { class: 'bead' }, ...who),
      );
    });
    return element(
      'table',
      { class: 'landed past', 'aria-label': this.words.past, 'data-key': 'past' },
      element('tbody', {}, ...lines),
    );
  }
}
