import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FlakyRow, HistoryWords } from '../vscode/messages/queueHistory.ts';
import { element, filled, icon } from './dom.ts';
import { fullInstant, shortInstant } from './instants.ts';

/** What failed and passed on the same files, with the bead that has it mended, and a way to forget it. */
export function flakyTable(
  rows: readonly FlakyRow[],
  words: HistoryWords,
  severalRigs: boolean,
): HTMLTableElement {
  return element(
    'table',
    { class: 'landed flaky', 'data-key': 'flaky' },
    element('caption', { class: 'quiet' }, words.flaky),
    element('tbody', {}, ...rows.map((row) => line(row, words, severalRigs))),
  );
}

function line(row: FlakyRow, words: HistoryWords, severalRigs: boolean): HTMLElement {
  const { at, bead, check, test, times } = row;
  const about = { 'data-rig': row.rig, 'data-flaky': row.id };
  const forget = element('vscode-toolbar-button', { 'data-do': 'forget', title: words.forgetHint, ...about });
  forget.icon = 'close';
  forget.append(element('span', { class: 'label' }, words.forget));
  const whole = filled(words.wholeCheck, { check });
  const named = test === null ? [] : [element('span', { class: 'quiet' }, whole)];
  const time = filled(words.flakyAt, { time: shortInstant(at, Date.now()) });
  const link = { class: 'link id', type: 'button', 'data-do': 'bead', 'data-rig': row.rig };
  return element(
    'tr',
    {},
    element(
      'td',
      { class: 'test' },
      icon('warning', 'warning'),
      element('span', { class: 'title' }, test ?? whole),
      ...named,
    ),
    ...(severalRigs ? [element('td', { class: 'rig', title: row.rigName }, row.rigName)] : []),
    element(
      'td',
      { class: 'times' },
      times,
      ' ',
      element('span', { class: 'quiet', title: fullInstant(at) }, time),
    ),
    element('td', {}, ...(bead === null ? [] : [element('button', { ...link, 'data-bead': bead }, bead)])),
    element('td', { class: 'actions' }, forget),
  );
}
