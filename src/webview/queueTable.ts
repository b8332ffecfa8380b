import type { QueueRow, QueueWords } from '../vscode/messages/queue.ts';
import { element } from './dom.ts';
import { actionsCell, beadCell, checksCell, stageCell } from './queueCells.ts';

const keyOf = (row: QueueRow): string => `${row.rig}/${row.id}`;

interface Shown {
  readonly row: QueueRow;
  /** What each cell was made from; a cell that would look the same is left alone, and keeps the focus. */
  readonly prints: readonly string[];
  readonly element: HTMLTableRowElement;
}

/** The open requests, one a line. Only cells in which something changed are made anew. */
export class QueueTable {
  readonly root: HTMLTableElement;
  private readonly words: QueueWords;
  private readonly head = element('thead');
  private readonly body = element('tbody');
  private shown = new Map<string, Shown>();

  constructor(words: QueueWords) {
    this.words = words;
    this.root = element('table', { class: 'requests', 'aria-label': words.table }, this.head, this.body);
  }

  /** `current` is the key of the line that Tab reaches; the first when it is not there. */
  show(rows: readonly QueueRow[], severalRigs: boolean, current: string | null): void {
    const focused = document.activeElement;
    const line = this.body.contains(focused) ? (focused?.closest('tr') ?? null) : null;
    this.drawHead(severalRigs);
    const next = new Map<string, Shown>();
    for (const row of rows) next.set(keyOf(row), this.shownAs(row, severalRigs));
    this.shown = next;
    const elements = [...next.values()].map((one) => one.element);
    this.place(elements);
    for (const one of elements) one.tabIndex = -1;
    const stop = (current === null ? undefined : next.get(current)?.element) ?? elements[0];
    if (stop !== undefined) stop.tabIndex = 0;
    if (line !== null) refocus(focused, line);
  }

  rowOf(element: Element): QueueRow | null {
    const key = element.closest<HTMLElement>('tr')?.dataset['key'];
    return key === undefined ? null : (this.shown.get(key)?.row ?? null);
  }

  private shownAs(row: QueueRow, severalRigs: boolean): Shown {
    const key = keyOf(row);
    const cells = this.cells(row, severalRigs);
    const prints = cells.map((cell) => cell.outerHTML);
    const known = this.shown.get(key);
    if (known?.prints.length !== prints.length) {
      const line = element('tr', { 'data-key': key, 'data-stage': row.stage, tabindex: '-1' }, ...cells);
      return { row, prints, element: line };
    }
    for (const [index, cell] of cells.entries()) {
      if (prints[index] !== known.prints[index]) known.element.cells[index]?.replaceWith(cell);
    }
    known.element.dataset['stage'] = row.stage;
    return { row, prints, element: known.element };
  }

  private cells(row: QueueRow, severalRigs: boolean): readonly HTMLElement[] {
    return [
      stageCell(row, this.words),
      ...(severalRigs ? [element('td', { class: 'rig', title: row.rigName }, row.rigName)] : []),
      beadCell(row),
      checksCell(row, this.words),
      whyCell(row),
      actionsCell(row, this.words),
    ];
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

  /** Lines that stay where they are are not touched: moving one takes the focus from it. */
  private place(elements: readonly HTMLTableRowElement[]): void {
    const wanted = new Set<Element>(elements);
    for (const one of [...this.body.children]) if (!wanted.has(one)) one.remove();
    for (const [index, one] of elements.entries()) {
      const there = this.body.children[index] ?? null;
      if (there !== one) this.body.insertBefore(one, there);
    }
  }
}

/** Gives the keyboard back to a button that moved; when the button is gone, to its line. */
function refocus(focused: Element | null, line: HTMLElement): void {
  if (document.activeElement === focused) return;
  const button = line.contains(focused) ? (focused?.shadowRoot?.querySelector('button') ?? focused) : null;
  if (button instanceof HTMLElement) button.focus();
  else if (line.isConnected) line.focus();
}

/** Why it is where it is, and below it what became of its conflicts. */
function whyCell({ reason, ladder = [] }: QueueRow): HTMLElement {
  const steps = ladder.map((line) => element('li', {}, line));
  const parts = [
    ...(reason === null ? [] : [reason]),
    ...(steps.length === 0 ? [] : [element('ol', { class: 'ladder' }, ...steps)]),
  ];
  return element('td', { class: 'why' }, ...parts);
}
