/** The page of the feed. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import * as v from 'valibot';
import { type FeedRow, type FromFeed, feedKinds, feedWords, toFeed } from '../vscode/messages/feed.ts';
import type { ToFeed } from '../vscode/messages/feed.ts';
import { plainText } from '../vscode/messages/plainText.ts';
import { Announcer } from './announcer.ts';
import { element, filled, noteItems } from './dom.ts';
import { feedBar } from './feedBar.ts';
import { listenToKeys } from './feedKeys.ts';
import { FeedList } from './feedList.ts';
import {
  type FeedLink,
  type FeedModel,
  emptyFeed,
  matches,
  noFilter,
  withNewer,
  withOlder,
} from './feedModel.ts';
import { TankCharts } from './tankCharts.ts';
import { connect, readWords } from './host.ts';

const kept = v.object({
  text: v.pipe(v.string(), v.maxLength(200)),
  kinds: v.array(v.picklist(feedKinds)),
  top: v.nullable(v.object({ id: v.string(), offset: v.number() })),
  current: v.nullable(v.string()),
  tanksOpen: v.optional(v.boolean(), false),
});

const words = readWords(feedWords);
const host = connect<typeof toFeed, FromFeed, typeof kept>(toFeed, kept, receive);

const notes = element('ul', { class: 'notes' });
const blank = element('p', { class: 'blank' }, words.loading);
const rows = element('div', { class: 'rows', role: 'feed', 'aria-label': words.list });
const older = element('vscode-button', { secondary: true, icon: 'arrow-up' }, words.older);
const olderLine = element('div', { class: 'older', hidden: true }, older);
const pill = element('vscode-button', { class: 'pill', hidden: true, icon: 'arrow-down' });
const bar = feedBar(words, host.saved ?? noFilter, (leave) => {
  draw();
  save();
  if (leave) rows.querySelector<HTMLElement>('.row[tabindex="0"]')?.focus();
});
const tanks = new TankCharts(words.chart, host.saved?.tanksOpen ?? false, save);
const announcer = new Announcer((count) => (count === 1 ? words.newOne : filled(words.newMany, { count })));
const list = new FeedList(rows, words);

let model: FeedModel = emptyFeed;
let sequence = -1;
let severalRigs = false;
/** Lines that came while the person read further up. */
let unseen = 0;
/** Where the reader was before the page was hidden; used once, with the first snapshot. */
let comeBackTo = host.saved;

function receive(message: ToFeed): void {
  switch (message.type) {
    case 'snapshot': {
      takeSnapshot(message);
      return;
    }
    case 'rows':
      // A message went missing (the page was being made anew): what is held may have a gap, so ask for all.
      if (message.seq !== sequence + 1) {
        host.send({ type: 'ready' });
        return;
      }
      sequence = message.seq;
      {
        takeRows(message.rows);
        return;
      }
    case 'older':
      older.disabled = false;
      model = withOlder(model, message.rows, message.more);
      list.following = false;
      draw();
      return;
    case 'tanks':
      tanks.show(message);
  }
}

function takeSnapshot(snapshot: Extract<ToFeed, { type: 'snapshot' }>): void {
  ({ seq: sequence, severalRigs } = snapshot);
  model = { rows: snapshot.rows, more: snapshot.more, detached: false };
  unseen = 0;
  older.disabled = false;
  notes.replaceChildren(...noteItems(snapshot.notes));
  if (comeBackTo?.top != null) {
    list.current = comeBackTo.current;
    list.following = false;
  }
  draw();
  if (comeBackTo?.top != null) list.restore(comeBackTo.top);
  comeBackTo = null;
  drawPill();
}

function takeRows(fresh: readonly FeedRow[]): void {
  const { filter } = bar;
  const wanted = fresh.filter((row) => matches(row, filter));
  list.noticeScrolling();
  if (!list.following || model.detached) unseen += wanted.length;
  model = withNewer(model, fresh);
  draw();
  announcer.say(wanted.map((row) => plainText(row.text)));
}

function draw(): void {
  const visible = list.show(model.rows, bar.filter, severalRigs);
  bar.count(visible, model.rows.length);
  olderLine.hidden = !model.more;
  blank.hidden = sequence >= 0 && visible > 0;
  if (sequence >= 0) blank.textContent = model.rows.length === 0 ? words.empty : words.noMatch;
  drawPill();
}

function drawPill(): void {
  if (list.following && !model.detached) unseen = 0;
  pill.hidden = unseen === 0 && !model.detached;
  const text =
    unseen === 0 ? words.newest : unseen === 1 ? words.newOne : filled(words.newMany, { count: unseen });
  if (pill.textContent !== text) pill.textContent = text;
}

function save(): void {
  const { text, kinds } = bar.filter;
  host.save({
    text,
    kinds: [...kinds],
    top: list.following ? null : list.topmost(),
    current: list.current,
    tanksOpen: tanks.root.open,
  });
}

function open(link: FeedLink): void {
  host.send({ type: 'open', ...link });
}

older.addEventListener('click', () => {
  const [oldest] = model.rows;
  if (oldest === undefined || older.disabled) return;
  older.disabled = true;
  host.send({ type: 'older', before: oldest.at });
});
pill.addEventListener('click', () => {
  list.toEnd();
  if (model.detached) host.send({ type: 'ready' });
  drawPill();
  save();
});
rows.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>('.link') : null;
  const row = link?.closest<HTMLElement>('.row');
  const found = list.linksAt(row?.dataset['id'] ?? null).find(({ id }) => id === link?.textContent);
  if (found !== undefined) open(found);
});
rows.addEventListener('dblclick', (event) => {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
  const [first] = list.linksAt(row?.dataset['id'] ?? null);
  if (first !== undefined) open(first);
});
rows.addEventListener('scroll', () => {
  drawPill();
  save();
});
rows.addEventListener('focusin', save);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target instanceof HTMLInputElement || isField(event.target)) return;
  event.preventDefault();
  bar.focus();
});
listenToKeys(list, open);

/** Inside the page's own field `/` is a character; events from its shadow root name the field itself. */
function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.localName === 'vscode-textfield';
}

rows.append(olderLine);
const frame = element('div', { class: 'frame' }, blank, rows, pill);
document.getElementById('root')?.append(tanks.root, bar.root, notes, frame, announcer.region);
host.send({ type: 'ready' });
