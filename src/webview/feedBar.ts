import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import { type FeedWords, feedKinds } from '../vscode/messages/feed.ts';
import { element, filled } from './dom.ts';
import type { FeedFilter } from './feedModel.ts';

const kindIcons = {
  bead: 'circle-outline',
  agent: 'hubot',
  check: 'beaker',
  landing: 'git-merge',
  town: 'home',
} as const;

/** The filter: words, and kinds that can be switched off. */
export interface FeedBar {
  readonly root: HTMLElement;
  readonly filter: FeedFilter;
  focus(): void;
  /** How many of the lines pass the filter; said aloud when some don't. */
  count(visible: number, all: number): void;
}

export function feedBar(words: FeedWords, start: FeedFilter, onChange: (leave: boolean) => void): FeedBar {
  const field = element('vscode-textfield');
  field.placeholder = words.filterHint;
  field.label = words.filter;
  field.maxLength = 200;
  field.value = start.text;
  const switches = feedKinds.map((kind) => {
    const made = element('vscode-toolbar-button', {}, element('span', { class: 'label' }, words.kinds[kind]));
    made.icon = kindIcons[kind];
    made.toggleable = true;
    made.checked = start.kinds.includes(kind);
    made.addEventListener('change', () => {
      onChange(false);
    });
    return { kind, made };
  });
  const shown = element('span', { class: 'shown', role: 'status' });
  field.addEventListener('input', () => {
    onChange(false);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    field.value = '';
    // Left before it shows its new value, the field would take the old one back.
    void field.updateComplete.then(() => {
      onChange(true);
    });
  });
  const kinds = element('div', { class: 'kinds', role: 'group', 'aria-label': words.filter });
  kinds.append(...switches.map(({ made }) => made));
  return {
    root: element('div', { class: 'bar' }, field, kinds, shown),
    get filter() {
      return {
        text: field.value,
        kinds: switches.filter(({ made }) => made.checked).map(({ kind }) => kind),
      };
    },
    focus: () => {
      field.focus();
    },
    count: (visible, all) => {
      const said = visible === all ? '' : filled(words.shown, { visible, all });
      if (shown.textContent !== said) shown.textContent = said;
    },
  };
}
