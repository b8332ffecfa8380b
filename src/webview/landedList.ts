import '@vscode-elements/elements/dist/vscode-collapsible/index.js';
import type { LandedRow, QueueWords } from '../vscode/messages/queue.ts';
import { element, icon } from './dom.ts';
import { fullInstant, shortInstant } from './instants.ts';
import { beadCell } from './queueCells.ts';

/** What landed last, with the commit it landed as. */
export class LandedList {
  readonly root = element('vscode-collapsible', { class: 'landed-part' });
  private readonly body = element('tbody');
  private readonly none: HTMLElement;
  private print = '';
  private rows: readonly LandedRow[] = [];

  constructor(words: QueueWords) {
    this.root.heading = words.landed;
    this.none = element('p', { class: 'blank' }, words.landedEmpty);
    this.root.append(this.none, element('table', { class: 'landed', 'aria-label': words.landed }, this.body));
  }

  show(rows: readonly LandedRow[], severalRigs: boolean): void {
    const print = JSON.stringify([rows, severalRigs]);
    if (print === this.print) return;
    this.print = print;
    this.rows = rows;
    this.none.hidden = rows.length > 0;
    this.root.description = rows.length > 0 ? String(rows.length) : '';
    this.body.replaceChildren(...rows.map((row, index) => this.line(row, index, severalRigs)));
  }

  rowOf(from: Element): LandedRow | null {
    const index = from.closest<HTMLElement>('tr')?.dataset['index'];
    return index === undefined ? null : (this.rows[Number(index)] ?? null);
  }

  private line(row: LandedRow, index: number, severalRigs: boolean): HTMLElement {
    return element(
      'tr',
      { 'data-index': String(index) },
      element('td', { title: fullInstant(row.at) }, shortInstant(row.at, Date.now())),
      element('td', { class: 'commit id' }, icon('git-commit', 'good'), row.commit),
      ...(severalRigs ? [element('td', { class: 'rig', title: row.rigName }, row.rigName)] : []),
      beadCell(row),
    );
  }
}
