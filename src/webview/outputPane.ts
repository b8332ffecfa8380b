import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromQueue } from '../vscode/messages/queue.ts';
import type { OutputPiece, OutputSource, OutputWords } from '../vscode/messages/queueOutput.ts';
import { element, filled, icon, setText } from './dom.ts';
import { focusOn } from './keyed.ts';
import { OutputFind } from './outputFind.ts';
import { OutputLines } from './outputLines.ts';

/** So near to its end, in pixels, a person follows what comes. */
const nearEnd = 24;

/** What a check prints, beside the queue: followed while it runs, searchable, and closed again. */
export class OutputPane {
  readonly root: HTMLElement;
  /** What is shown; null: nothing, and it is closed. */
  source: OutputSource | null = null;
  private readonly words: OutputWords;
  private readonly send: (message: FromQueue) => void;
  private readonly changed: () => void;
  private readonly lines = new OutputLines();
  private readonly find: OutputFind;
  private readonly name = element('span', { class: 'name' });
  private readonly state = element('span', { class: 'state quiet', role: 'status' });
  private readonly note: HTMLElement;
  private readonly log: HTMLElement;
  private opener: HTMLElement | null = null;
  private following = 0;

  constructor(words: OutputWords, send: (message: FromQueue) => void, changed: () => void) {
    this.words = words;
    this.send = send;
    this.changed = changed;
    this.find = new OutputFind(words, this.lines.root);
    this.note = element('p', { class: 'note quiet', hidden: true }, words.skipped);
    this.log = element(
      'div',
      { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off' },
      this.note,
      this.lines.root,
    );
    const bar = element(
      'div',
      { class: 'output-bar' },
      icon('output'),
      this.name,
      this.state,
      this.find.root,
      this.button('go-to-file', words.open, () => {
        if (this.source !== null) send({ type: 'open', source: this.source });
      }),
      this.button('close', words.close, () => {
        this.close();
      }),
    );
    this.root = element(
      'section',
      { class: 'output', hidden: true, 'aria-label': words.find },
      bar,
      this.log,
    );
    this.root.addEventListener('keydown', (event) => {
      this.key(event);
    });
  }

  /** `opener` gets the keyboard back when it is closed; null: nobody is there who pressed anything. */
  open(source: OutputSource, opener: HTMLElement | null): void {
    this.source = source;
    this.opener = opener;
    this.following += 1;
    this.lines.clear();
    this.find.look();
    this.note.hidden = true;
    this.root.hidden = false;
    this.name.textContent = '';
    this.state.textContent = this.words.waiting;
    this.send({ type: 'follow', following: this.following, source });
    this.changed();
    if (opener !== null) this.log.focus();
  }

  show(piece: OutputPiece): void {
    if (piece.following !== this.following || this.source === null) return;
    const { words } = this;
    const follows = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < nearEnd;
    if (piece.anew) this.lines.clear();
    if (piece.text !== '') this.lines.add(piece.text);
    this.note.hidden = piece.skipped === 0 && !this.lines.cut;
    if (piece.file !== null) {
      setText(this.name, piece.file);
      this.root.setAttribute('aria-label', filled(words.title, { file: piece.file }));
      this.log.setAttribute('aria-label', filled(words.title, { file: piece.file }));
    }
    const nothing = piece.live ? words.waiting : words.gone;
    setText(this.state, piece.file === null ? nothing : piece.live ? words.running : words.ended);
    this.find.look();
    if (follows) this.log.scrollTop = this.log.scrollHeight;
  }

  close(): void {
    const { opener } = this;
    this.source = null;
    this.root.hidden = true;
    this.lines.clear();
    this.find.look();
    this.send({ type: 'leave' });
    this.changed();
    const again =
      opener?.isConnected === true
        ? opener
        : document.querySelector<HTMLElement>('tr[tabindex="0"], [data-do]');
    if (again !== null) focusOn(again);
  }

  private button(name: string, label: string, press: () => void): HTMLElement {
    const made = element(
      'button',
      { class: 'tool', type: 'button', title: label, 'aria-label': label },
      icon(name),
    );
    made.addEventListener('click', press);
    return made;
  }

  private key(event: KeyboardEvent): void {
    const isFind = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isFind) this.find.input.select();
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (isFind) this.find.input.focus();
  }
}
