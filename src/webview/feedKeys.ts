import type { FeedList } from './feedList.ts';
import type { FeedLink } from './feedModel.ts';

/** Rows that Page Up and Page Down pass. */
const pageRows = 10;

type Target = (index: number, last: number) => number;

/** Where a key leads from the row it is pressed on. */
const moves: Readonly<Record<string, Target>> = {
  ArrowUp: (index) => index - 1,
  ArrowDown: (index) => index + 1,
  PageUp: (index) => index - pageRows,
  PageDown: (index) => index + pageRows,
  Home: () => 0,
  End: (_, last) => last,
};

/** The list under a keyboard: arrows move, Enter opens what the line is about, left and right reach its links. */
export function listenToKeys(list: FeedList, open: (link: FeedLink) => void): void {
  list.container.addEventListener('keydown', (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
    if (row === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const move = moves[event.key];
    if (move !== undefined) focusRow(list, row, move);
    else if (event.key === 'ArrowRight') focusLink(row, 1);
    else if (event.key === 'ArrowLeft') focusLink(row, -1);
    else if (event.key === 'Enter' && event.target === row) openFirst(list, row, open);
    else return;
    event.preventDefault();
  });
  list.container.addEventListener('focusin', (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
    if (row !== null) list.makeCurrent(row);
  });
}

function focusRow(list: FeedList, from: HTMLElement, move: Target): void {
  const rows = list.visibleRows();
  const last = rows.length - 1;
  const next = rows[Math.min(last, Math.max(0, move(rows.indexOf(from), last)))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** From the row to its links and back: the row itself comes before the first link. */
function focusLink(row: HTMLElement, by: 1 | -1): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('.link')];
  const here = stops.findIndex((stop) => stop === document.activeElement);
  stops[Math.min(stops.length - 1, Math.max(0, here + by))]?.focus();
}

function openFirst(list: FeedList, row: HTMLElement, open: (link: FeedLink) => void): void {
  const [first] = list.linksAt(row.dataset['id'] ?? null);
  if (first !== undefined) open(first);
}
