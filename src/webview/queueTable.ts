import type { QueueRow, QueueWords } from '../vscode/messages/queue.ts';
import { element } from './dom.ts';
import { actionsCell, beadCell, checksCell, stageCell } from './queueCells.ts';

const keyOf = (row: QueueRow): string => `${row.rig}/${row.id}`;

interface Shown {
  readonly row: QueueRow;
  readonly print: string;
  readonly element: HTMLTableRowElement;
}

/** The open requests, one a line. A line is only made anew when something in it changed. */
export class QueueTable {
  readonly root: HTMLTableElement;
  private readonly words: QueueWords;
  private readonly head = element('thead');
  private readonly body = element('tbody');
  private shown = new Map<string, Shown>();

  constructor(words: QueueWords) {
    this.words = words;
    this.root = element('table', { 'aria-label': words.table }, this.head, this.body);
  }

  /** `current` is the key of the line that Tab reaches; the first when it is not there. */
  show(rows: readonly QueueRow[], severalRigs: boolean, current: string | null): void {
    const focused = focusedPlace(this.body);
    this.drawHead(severalRigs);
    const next = new Map<string, Shown>();
    for (const row of rows) next.set(keyOf(row), this.shownAs(row, severalRigs));
    this.shown = next;
    const elements = [...next.values()].map((one) => one.element);
    // Moving a line takes the focus from it, so the body is only touched when its lines changed.
    const same = elements.length === this.body.children.length;
    if (!same || elements.some((one, index) => this.body.children[index] !== one))
      this.body.replaceChildren(...elements);
    for (const one of elements) one.tabIndex = -1;
    const stop = (current === null ? undefined : next.get(current)?.element) ?? elements[0];
    if (stop !== undefined) stop.tabIndex = 0;
    if (focused !== null) this.refocus(focused);
  }

  rowOf(element: Element): QueueRow | null {
    const key = element.closest<HTMLElement>('tr')?.dataset['key'];
    return key === undefined ? null : (this.shown.get(key)?.row ?? null);
  }

  private shownAs(row: QueueRow, severalRigs: boolean): Shown {
    const key = keyOf(row);
    const print = JSON.stringify([row, severalRigs]);
    const known = this.shown.get(key);
    return known?.print === print ? known : { row, print, element: this.line(key, row, severalRigs) };
  }

  private line(key: string, row: QueueRow, severalRigs: boolean): HTMLTableRowElement {
    return element(
      'tr',
      { 'data-key': key, 'data-stage': row.stage, tabindex: '-1' },
      stageCell(row, this.words),
      ...(severalRigs ? [element('td', { class: 'rig', title: row.rigName }, row.rigName)] : []),
      beadCell(row),
      checksCell(row, this.words),
      element('td', { class: 'why' }, ...(row.reason === null ? [] : [row.reason])),
      actionsCell(row, this.words),
    );
  }

  private drawHead(severalRigs: boolean): void {
    const { stage, rig, bead, checks, why, actions } = this.words.columns;
    const names = severalRigs
      ? [stage, rig, bead, checks, why, actions]
      : [stage, bead, checks, why, actions];
    if (this.head.rows[0]?.cells.length === names.length) return;
    const cells = names.map((name) => element('th', { scope: 'col' }, name));
    this.head.replaceChildren(element('tr', {}, ...cells));
  }

  /** A line that was made anew under the keyboard keeps it, and so does the button in it, if it is still there. */
  private refocus({ key, what }: Place): void {
    const line = this.shown.get(key)?.element;
    if (line === undefined || line.contains(document.activeElement)) return;
    const button = [...line.querySelectorAll<HTMLElement>('[data-do]')].find(
      (one) => one.dataset['do'] === what,
    );
    (button ?? line).focus();
  }
}

interface Place {
  readonly key: string;
  readonly what: string | null;
}

function focusedPlace(body: HTMLElement): Place | null {
  const focused = document.activeElement;
  const key = body.contains(focused) ? focused?.closest<HTMLElement>('tr')?.dataset['key'] : undefined;
  return key === undefined
    ? null
    : { key, what: focused instanceof HTMLElement ? (focused.dataset['do'] ?? null) : null };
}
