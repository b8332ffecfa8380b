import { element, filled, icon } from './dom.ts';
import type { OutputWords } from '../vscode/messages/queueOutput.ts';

/** Matches that are counted and shown. */
const mostFound = 1_000;

/** A box that finds text in an output, with how often and which one; highlights change no element. */
export class OutputFind {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly words: OutputWords;
  private readonly within: HTMLElement;
  private readonly count = element('span', { class: 'count quiet', role: 'status' });
  private found: readonly Range[] = [];
  private more = false;
  private current = 0;

  constructor(words: OutputWords, within: HTMLElement) {
    this.words = words;
    this.within = within;
    this.input = element('input', {
      type: 'search',
      'aria-label': words.find,
      placeholder: words.find,
      maxlength: '200',
      spellcheck: 'false',
    });
    const previous = this.button('arrow-up', words.previous, -1);
    const next = this.button('arrow-down', words.next, 1);
    this.root = element('div', { class: 'find', role: 'search' }, this.input, this.count, previous, next);
    this.input.addEventListener('input', () => {
      this.current = 0;
      this.look(true);
    });
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      this.go(event.shiftKey ? -1 : 1);
    });
  }

  /** Looks again: what is searched has changed, or what for. */
  look(jump = false): void {
    const wanted = this.input.value;
    const { ranges, more } = wanted === '' ? { ranges: [], more: false } : this.search(wanted);
    this.found = ranges;
    this.more = more;
    this.current = Math.min(this.current, Math.max(0, ranges.length - 1));
    this.show(jump);
  }

  private button(name: string, label: string, by: number): HTMLElement {
    const made = element(
      'button',
      { class: 'tool', type: 'button', title: label, 'aria-label': label },
      icon(name),
    );
    made.addEventListener('click', () => {
      this.go(by);
    });
    return made;
  }

  private go(by: number): void {
    const { length } = this.found;
    if (length === 0) return;
    this.current = (this.current + by + length) % length;
    this.show(true);
  }

  private search(wanted: string): { readonly ranges: readonly Range[]; readonly more: boolean } {
    const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
    const ranges: Range[] = [];
    for (const line of this.within.children) {
      for (const { index, 0: match } of line.textContent.matchAll(pattern)) {
        if (ranges.length === mostFound) return { ranges, more: true };
        ranges.push(rangeOf(line, index, index + match.length));
      }
    }
    return { ranges, more: false };
  }

  private show(jump: boolean): void {
    const now = this.found[this.current];
    CSS.highlights.set('found', new Highlight(...this.found.filter((range) => range !== now)));
    CSS.highlights.set('found-now', new Highlight(...(now === undefined ? [] : [now])));
    this.count.textContent = this.counted();
    if (jump) now?.startContainer.parentElement?.scrollIntoView({ block: 'nearest' });
  }

  private counted(): string {
    if (this.input.value === '') return '';
    if (this.found.length === 0) return this.words.foundNone;
    const facts = { number: this.current + 1, count: this.found.length };
    return filled(this.more ? this.words.foundMany : this.words.found, facts);
  }
}

/** From and to a character of an element's text, through all that is in it. */
function rangeOf(within: Element, from: number, to: number): Range {
  const range = document.createRange();
  const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const { length } = node.textContent ?? '';
    if (from >= before && from <= before + length) range.setStart(node, from - before);
    if (to <= before + length) {
      range.setEnd(node, to - before);
      break;
    }
    before += length;
  }
  return range;
}
