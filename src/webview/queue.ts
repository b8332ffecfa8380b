/** The page of the merge queue. */
import * as v from 'valibot';
import {
  type FromQueue,
  type QueueAction,
  type QueueRow,
  type ToQueue,
  queueActions,
  queueWords,
  toQueue,
} from '../vscode/messages/queue.ts';
import { element, filled, noteItems } from './dom.ts';
import { connect, readWords } from './host.ts';
import { LandedList } from './landedList.ts';
import { QueueTable } from './queueTable.ts';

const kept = v.object({
  scroll: v.pipe(v.number(), v.minValue(0)),
  current: v.nullable(v.string()),
  landedOpen: v.boolean(),
});

const words = readWords(queueWords);
const host = connect<typeof toQueue, FromQueue, typeof kept>(toQueue, kept, draw);

const notes = element('ul', { class: 'notes' });
const blank = element('p', { class: 'blank' }, words.loading);
const rest = element('p', { class: 'rest', hidden: true });
const table = new QueueTable(words);
const landed = new LandedList(words);
const scroll = element('div', { class: 'scroll' }, blank, table.root, rest, landed.root);

let current = host.saved?.current ?? null;
/** Applied once, when there is something to scroll. */
let scrollTo = host.saved?.scroll ?? 0;
/** Buttons that were pressed and not yet answered by a new state of the queue. */
const pressed = new Set<string>();

table.root.hidden = true;
landed.root.hidden = true;
landed.root.open = host.saved?.landedOpen ?? false;

function draw(queue: ToQueue): void {
  pressed.clear();
  notes.replaceChildren(...noteItems(queue.notes));
  table.show(queue.requests, queue.severalRigs, current);
  landed.show(queue.landed, queue.severalRigs);
  table.root.hidden = queue.requests.length === 0;
  blank.hidden = queue.requests.length > 0;
  blank.textContent = words.empty;
  rest.hidden = queue.hidden === 0;
  rest.textContent = filled(words.hidden, { count: queue.hidden });
  landed.root.hidden = false;
  if (scrollTo > 0) scroll.scrollTop = scrollTo;
  scrollTo = 0;
}

function save(): void {
  host.save({ scroll: scroll.scrollTop, current, landedOpen: landed.root.open });
}

function isAction(what: string): what is QueueAction {
  return (queueActions as readonly string[]).includes(what);
}

/** `what` is a button's own name: an action, `bead`, or `output` with the place of the check. */
function perform(row: Pick<QueueRow, 'rig' | 'id' | 'bead'>, what: string): void {
  if (what === 'bead') host.send({ type: 'bead', rig: row.rig, id: row.bead });
  else if (what.startsWith('output ')) {
    host.send({ type: 'output', rig: row.rig, request: row.id, check: Number(what.slice('output '.length)) });
  } else if (isAction(what)) {
    const key = `${row.rig}/${row.id}/${what}`;
    if (what !== 'diff' && pressed.has(key)) return;
    pressed.add(key);
    host.send({ type: 'act', action: what, rig: row.rig, request: row.id });
  }
}

scroll.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-do]') : null;
  if (button === null) return;
  const row = table.rowOf(button) ?? landed.rowOf(button);
  if (row !== null) perform(row, button.dataset['do'] ?? '');
});
scroll.addEventListener('keydown', (event) => {
  const line = event.target instanceof HTMLTableRowElement ? event.target : null;
  if (line === null || event.ctrlKey || event.altKey || event.metaKey) return;
  const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
  const row = table.rowOf(line);
  if (next instanceof HTMLElement) next.focus();
  else if (event.key === 'Enter' && row !== null)
    perform(row, row.actions.includes('diff') ? 'diff' : 'bead');
  else return;
  event.preventDefault();
});
scroll.addEventListener('focusin', (event) => {
  const line = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-key]') : null;
  if (line === null) return;
  for (const one of table.root.querySelectorAll<HTMLElement>('tr[tabindex="0"]')) one.tabIndex = -1;
  line.tabIndex = 0;
  current = line.dataset['key'] ?? null;
  save();
});
scroll.addEventListener('scroll', save);
landed.root.addEventListener('vsc-collapsible-toggle', save);

document.getElementById('root')?.append(notes, scroll);
host.send({ type: 'ready' });
