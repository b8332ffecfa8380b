import type { FeedRow, FeedWords } from '../vscode/messages/feed.ts';
import { type FeedFilter, type FeedLink, linksOf, matches } from './feedModel.ts';
import { rowElement } from './feedRowElement.ts';

interface Shown {
  readonly row: FeedRow;
  readonly element: HTMLElement;
}

/** Distance from the end, in pixels, that still counts as reading along. */
const tailSlack = 24;

/** The lines on the page: keyed, so that what is read, focused or selected stays where it is. */
export class FeedList {
  readonly container: HTMLElement;
  private readonly words: FeedWords;
  private readonly shown = new Map<string, Shown>();
  private showRig = false;
  /** The row that has the list's one tab stop. */
  current: string | null = null;
  /** The person reads along at the end; new lines keep it in sight. */
  following = true;
  /** Where the end was when it was last shown. */
  private lastEnd = 0;

  constructor(container: HTMLElement, words: FeedWords) {
    this.container = container;
    this.words = words;
    container.addEventListener('scroll', () => {
      this.following = this.isAtEnd();
    });
    new ResizeObserver(() => {
      this.noticeScrolling();
      if (this.following) this.toEnd();
    }).observe(container);
  }

  /** Brings the page to the given rows and returns how many of them are visible. */
  show(rows: readonly FeedRow[], filter: FeedFilter, showRig: boolean): number {
    this.noticeScrolling();
    const anchor = this.following ? null : this.topmost();
    if (showRig !== this.showRig) this.clear();
    this.showRig = showRig;
    this.place(rows);
    let visible = 0;
    for (const { row, element } of this.shown.values()) {
      element.hidden = !matches(row, filter);
      if (!element.hidden) visible += 1;
    }
    this.keepTabStop();
    if (anchor === null) this.toEnd();
    else this.restore(anchor);
    return visible;
  }

  /** The event of a person's scrolling comes a frame later; what they did counts now. */
  noticeScrolling(): void {
    if (this.container.scrollTop < this.lastEnd) this.following = this.isAtEnd();
  }

  toEnd(): void {
    this.following = true;
    this.container.scrollTop = this.container.scrollHeight;
    this.lastEnd = this.container.scrollTop;
  }

  /** First row in sight and where it stands; null when there is none. */
  topmost(): { readonly id: string; readonly offset: number } | null {
    const top = this.container.scrollTop;
    for (const [id, { element }] of this.inOrder()) {
      if (!element.hidden && element.offsetTop + element.offsetHeight > top)
        return { id, offset: element.offsetTop - top };
    }
    return null;
  }

  restore(anchor: { readonly id: string; readonly offset: number }): void {
    const found = this.shown.get(anchor.id)?.element;
    if (found === undefined || found.hidden) return;
    this.container.scrollTop = found.offsetTop - anchor.offset;
    this.following = this.isAtEnd();
  }

  /** Links of a row, the one that Enter opens first. */
  linksAt(id: string | null): readonly FeedLink[] {
    const row = id === null ? undefined : this.shown.get(id)?.row;
    return row === undefined ? [] : linksOf(row);
  }

  visibleRows(): readonly HTMLElement[] {
    return [...this.container.querySelectorAll<HTMLElement>('.row:not([hidden])')];
  }

  makeCurrent(row: HTMLElement): void {
    const former = this.current === null ? undefined : this.shown.get(this.current);
    if (former !== undefined) former.element.tabIndex = -1;
    this.current = row.dataset['id'] ?? null;
    row.tabIndex = 0;
  }

  private place(rows: readonly FeedRow[]): void {
    const wanted = new Set(rows.map((row) => row.id));
    for (const [id, { element }] of this.shown) {
      if (wanted.has(id)) continue;
      element.remove();
      this.shown.delete(id);
    }
    const now = Date.now();
    let next = this.container.querySelector<HTMLElement>('.row');
    for (const row of rows) {
      const known = this.shown.get(row.id)?.element;
      if (known !== undefined && known === next) {
        next = next.nextElementSibling as HTMLElement | null;
        continue;
      }
      const element = known ?? rowElement(row, this.words, this.showRig, now);
      this.shown.set(row.id, { row, element });
      this.container.insertBefore(element, next);
    }
  }

  /** One visible row, the last unless a person chose another, can be reached by Tab. */
  private keepTabStop(): void {
    const chosen = this.current === null ? undefined : this.shown.get(this.current)?.element;
    if (chosen?.hidden === false && chosen === document.activeElement) return;
    const last = this.visibleRows().at(-1);
    const row = chosen?.hidden === false && !this.following ? chosen : last;
    if (row !== undefined) this.makeCurrent(row);
  }

  private clear(): void {
    for (const { element } of this.shown.values()) element.remove();
    this.shown.clear();
  }

  private inOrder(): readonly (readonly [string, Shown])[] {
    return this.visibleRows().flatMap((element) => {
      const id = element.dataset['id'] ?? '';
      const found = this.shown.get(id);
      return found === undefined ? [] : [[id, found] as const];
    });
  }

  private isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.container;
    return scrollHeight - scrollTop - clientHeight <= tailSlack;
  }
}
