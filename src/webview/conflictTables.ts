import '@vscode-elements/elements/dist/vscode-collapsible/index.js';
import type {
  ConflictMatrix,
  ConflictWords,
  ConflictsForeseen,
  DrawnConflict,
} from '../vscode/messages/queueConflicts.ts';
import { element, filled, icon } from './dom.ts';
import { placeKeyed } from './keyed.ts';

/** Which open requests will conflict with each other and with their target: a table of each rig, and in words. */
export class ConflictTables {
  readonly root = element('vscode-collapsible', { class: 'conflicts' });
  private readonly words: ConflictWords;
  private readonly none: HTMLElement;
  private readonly tables = element('div');

  constructor(words: ConflictWords) {
    this.words = words;
    this.root.heading = words.title;
    this.none = element('p', { class: 'blank' }, words.empty);
    this.root.append(this.none, this.tables);
  }

  show({ rigs }: ConflictsForeseen, severalRigs: boolean): void {
    const { words } = this;
    const shown = rigs.filter(({ requests, problem }) => requests.length > 0 || problem !== null);
    const count = shown.reduce((sum, { conflicts }) => sum + conflicts.length, 0);
    this.none.hidden = shown.length > 0;
    this.root.description =
      shown.length === 0 ? '' : count === 0 ? words.none : filled(words.found, { count });
    placeKeyed(
      this.tables,
      shown.map((matrix) => this.part(matrix, severalRigs)),
    );
  }

  private part(matrix: ConflictMatrix, severalRigs: boolean): HTMLElement {
    const { rig, rigName, requests, conflicts, hidden, problem } = matrix;
    const { words } = this;
    const name = severalRigs ? [element('p', { class: 'rig-name' }, rigName)] : [];
    const rest =
      hidden === 0 ? [] : [element('p', { class: 'quiet' }, filled(words.hidden, { count: hidden }))];
    const said = conflicts.map((one) =>
      element('li', {}, icon('warning', 'warning'), this.sentence(matrix, one)),
    );
    const body =
      problem === null
        ? [
            element('ul', { class: 'said-conflicts' }, ...said),
            element(
              'div',
              { class: 'matrix-box', tabindex: '0', role: 'group', 'aria-label': words.title },
              this.table(matrix),
            ),
          ]
        : [element('p', {}, icon('warning', 'warning'), problem)];
    return element(
      'div',
      { class: 'matrix', 'data-key': rig },
      ...name,
      ...(requests.length === 0 && problem === null ? [] : body),
      ...rest,
    );
  }

  /** Each line against the target and the requests above it: below the diagonal everything is said. */
  private table(matrix: ConflictMatrix): HTMLElement {
    const { requests, target, conflicts } = matrix;
    const known = new Map(conflicts.map((one) => [`${one.one} ${one.other ?? ''}`, one]));
    const head = requests
      .slice(0, -1)
      .map(({ bead, title }, index) => this.columnHead(index + 1, bead, `${bead} ${title}`));
    const lines = requests.map(({ bead, title }, one) => {
      const others = [null, ...requests.slice(0, one).map((_, other) => other)];
      const name = element(
        'th',
        { scope: 'row', title },
        element('span', { class: 'number quiet', 'aria-hidden': 'true' }, String(one + 1)),
        element('span', { class: 'id' }, bead),
        ' ',
        element('span', { class: 'title' }, title),
      );
      return element(
        'tr',
        {},
        name,
        ...others.map((other) => this.cell(matrix, known.get(`${one} ${other ?? ''}`))),
      );
    });
    const first = element('th', { scope: 'col', title: target }, element('span', {}, target));
    return element(
      'table',
      { 'aria-label': this.words.title },
      element('thead', {}, element('tr', {}, element('td'), first, ...head)),
      element('tbody', {}, ...lines),
    );
  }

  /** A number to look at, the request's name to hear. */
  private columnHead(number: number, bead: string, title: string): HTMLElement {
    return element(
      'th',
      { scope: 'col', title },
      element('span', { 'aria-hidden': 'true' }, String(number)),
      element('span', { class: 'unseen' }, bead),
    );
  }

  private cell(matrix: ConflictMatrix, conflict: DrawnConflict | undefined): HTMLElement {
    if (conflict === undefined) {
      return element('td', { class: 'clean' }, '·', element('span', { class: 'unseen' }, this.words.clean));
    }
    const said = this.sentence(matrix, conflict);
    return element(
      'td',
      { class: 'clash', title: said },
      icon('warning', 'warning'),
      element('span', { class: 'unseen' }, said),
    );
  }

  private sentence({ requests, target }: ConflictMatrix, conflict: DrawnConflict): string {
    const { one, other, files, moreFiles } = conflict;
    const named = files.join(', ');
    const nameOf = (index: number): string => requests[index]?.bead ?? '';
    return filled(this.words.conflict, {
      one: nameOf(one),
      other: other === null ? target : nameOf(other),
      files: moreFiles === 0 ? named : filled(this.words.moreFiles, { files: named, count: moreFiles }),
    });
  }
}
