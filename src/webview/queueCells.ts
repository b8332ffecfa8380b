import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { QueueAction, QueueRow, QueueWords } from '../vscode/messages/queue.ts';
import { element, filled, icon } from './dom.ts';
import { fullInstant, shortInstant } from './instants.ts';

type Look = { readonly icon: string; readonly class: string };

const stageLooks: Readonly<Record<QueueRow['stage'], Look>> = {
  queued: { icon: 'clock', class: 'quiet' },
  proving: { icon: 'beaker', class: 'info' },
  ready: { icon: 'bell-dot', class: 'warning' },
  approved: { icon: 'check', class: 'good' },
  landing: { icon: 'git-merge', class: 'good' },
  offered: { icon: 'git-pull-request', class: 'info' },
  conflict: { icon: 'git-pull-request-closed', class: 'error' },
  failed: { icon: 'error', class: 'error' },
  ejected: { icon: 'circle-slash', class: 'quiet' },
};

const outcomeLooks: Readonly<Record<QueueRow['checks'][number]['outcome'], Look>> = {
  passed: { icon: 'pass', class: 'good' },
  failed: { icon: 'error', class: 'error' },
  timed_out: { icon: 'watch', class: 'error' },
  not_runnable: { icon: 'circle-slash', class: 'warning' },
  skipped: { icon: 'debug-step-over', class: 'quiet' },
};

const actionIcons: Readonly<Record<QueueAction, string>> = {
  approve: 'check',
  convoy: 'check-all',
  pull: 'link-external',
  land: 'git-merge',
  send: 'comment-discussion',
  diff: 'diff',
  retry: 'refresh',
  front: 'arrow-up',
  eject: 'close',
};

export function stageCell(row: QueueRow, words: QueueWords): HTMLElement {
  const look = stageLooks[row.stage];
  const since = filled(words.since, { time: shortInstant(row.since, Date.now()) });
  return element(
    'td',
    { class: 'stage' },
    icon(look.icon, look.class),
    element('span', { class: 'word' }, row.stageText),
    ...(row.step === null ? [] : [element('span', { class: 'step' }, row.step)]),
    ...(row.pullRequest === null
      ? []
      : [
          element(
            'button',
            { class: 'link pull', type: 'button', 'data-do': 'pull', title: row.pullRequest },
            row.pullRequest.replace(/^https:\/\//, ''),
          ),
        ]),
    element('span', { class: 'since', title: fullInstant(row.since) }, since),
  );
}

export function beadCell(row: Pick<QueueRow, 'bead' | 'title'>): HTMLElement {
  return element(
    'td',
    { class: 'bead' },
    element('button', { class: 'link id', type: 'button', 'data-do': 'bead' }, row.bead),
    ' ',
    element('span', { class: 'title' }, row.title),
  );
}

export function checksCell(row: QueueRow, words: QueueWords): HTMLElement {
  const items = row.checks.map((check) => {
    const look = outcomeLooks[check.outcome];
    const said = `${check.name}: ${check.detail}`;
    const name = check.hasOutput
      ? element(
          'button',
          {
            class: 'link name',
            type: 'button',
            'data-do': `output ${check.index}`,
            title: filled(words.checkOutput, { check: check.name, outcome: check.detail }),
            'aria-label': said,
          },
          check.name,
        )
      : element('span', { class: 'name', title: said }, check.name);
    const detail = check.outcome === 'passed' ? [] : [element('span', { class: 'quiet' }, check.detail)];
    return element('li', {}, icon(look.icon, look.class), name, ...detail);
  });
  return element('td', { class: 'checks' }, ...(items.length === 0 ? [] : [element('ul', {}, ...items)]));
}

export function actionsCell(row: QueueRow, words: QueueWords): HTMLElement {
  const buttons = row.actions.map((action) => {
    // One main thing to do a row: approving. The rest stays in the background.
    const button = element(action === 'approve' ? 'vscode-button' : 'vscode-toolbar-button', {
      'data-do': action,
      title: words.hints[action],
    });
    button.icon = actionIcons[action];
    const count = action === 'send' ? ` (${String(row.drafts)})` : '';
    button.append(element('span', { class: 'label' }, `${words.actions[action]}${count}`));
    return button;
  });
  const box = element('div', { role: 'group', 'aria-label': words.columns.actions }, ...buttons);
  return element('td', { class: 'actions' }, ...(buttons.length === 0 ? [] : [box]));
}
