/** The page of the merge queue. */
import * as v from 'valibot';
import {
  type FromQueue,
  type QueueAction,
  type QueueRow,
  type QueueShown,
  type ToQueue,
  queueActions,
  queueWords,
  toQueue,
} from '../vscode/messages/queue.ts';
import { type OutputSource, outputSource } from '../vscode/messages/queueOutput.ts';
import { ConflictTables } from './conflictTables.ts';
import { element, filled, noteItems } from './dom.ts';
import { HistoryPart } from './historyPart.ts';
import { connect, readWords } from './host.ts';
import { LandedList } from './landedList.ts';
import { OutputPane } from './outputPane.ts';
import { QueueHeads } from './queueHead.ts';
import { QueueTable } from './queueTable.ts';

const kept = v.object({
  scroll: v.pipe(v.number(), v.minValue(0)),
  current: v.nullable(v.string()),
  landedOpen: v.boolean(),
  conflictsOpen: v.optional(v.boolean(), true),
  historyOpen: v.optional(v.boolean(), false),
  output: v.optional(v.nullable(outputSource), null),
});

const words = readWords(queueWords);
const host = connect<typeof toQueue, FromQueue, typeof kept>(toQueue, kept, receive);

const notes = element('ul', { class: 'notes' });
const blank = element('p', { class: 'blank' }, words.loading);
const rest = element('p', { class: 'rest', hidden: true });
const heads = new QueueHeads(words.batch, words.since);
const table = new QueueTable(words);
const conflicts = new ConflictTables(words.conflicts);
const history = new HistoryPart(words.history);
const landed = new LandedList(words);
const folded = [conflicts.root, history.root, landed.root];
const scroll = element('div', { class: 'scroll' }, heads.root, blank, table.root, rest, ...folded);
const output = new OutputPane(
  words.output,
  (message) => {
    host.send(message);
  },
  save,
);

let current = host.saved?.current ?? null;
/** Applied once, when there is something to scroll. */
let scrollTo = host.saved?.scroll ?? 0;
/** Buttons that were pressed and not yet answered by a new state of the queue. */
const pressed = new Set<string>();

let severalRigs = false;

table.root.hidden = true;
for (const one of folded) one.hidden = true;
conflicts.root.open = host.saved?.conflictsOpen ?? true;
history.root.open = host.saved?.historyOpen ?? false;
landed.root.open = host.saved?.landedOpen ?? false;

function receive(message: ToQueue): void {
  switch (message.type) {
    case 'queue':
      draw(message);
      return;
    case 'output':
      output.show(message);
      return;
    case 'conflicts':
      conflicts.show(message, severalRigs);
  }
}

function draw(queue: QueueShown): void {
  pressed.clear();
  ({ severalRigs } = queue);
  notes.replaceChildren(...noteItems(queue.notes));
  heads.show(queue.rigs, severalRigs);
  table.show(queue.requests, severalRigs, current);
  history.show(queue.history, severalRigs);
  landed.show(queue.landed, severalRigs);
  table.root.hidden = queue.requests.length === 0;
  blank.hidden = queue.requests.length > 0;
  blank.textContent = words.empty;
  rest.hidden = queue.hidden === 0;
  rest.textContent = filled(words.hidden, { count: queue.hidden });
  for (const one of folded) one.hidden = false;
  if (scrollTo > 0) scroll.scrollTop = scrollTo;
  scrollTo = 0;
}

function save(): void {
  host.save({
    scroll: scroll.scrollTop,
    current,
    landedOpen: landed.root.open,
    conflictsOpen: conflicts.root.open,
    historyOpen: history.root.open,
    output: output.source,
  });
}

function isAction(what: string): what is QueueAction {
  return (queueActions as readonly string[]).includes(what);
}

/** Sends it once until the queue answers with a new state. */
function once(key: string, message: FromQueue): void {
  if (pressed.has(key)) return;
  pressed.add(key);
  host.send(message);
}

/** What a button of a line does. `what` is its own name: an action, `bead`, or `output` with the place of the check. */
function perform(row: Pick<QueueRow, 'rig' | 'id' | 'bead'>, what: string, button: HTMLElement): void {
  if (what === 'bead') host.send({ type: 'bead', rig: row.rig, id: row.bead });
  else if (what.startsWith('output ')) {
    const check = Number(what.slice('output '.length));
    output.open({ kind: 'check', rig: row.rig, request: row.id, check }, button);
  } else if (isAction(what)) {
    const message: FromQueue = { type: 'act', action: what, rig: row.rig, request: row.id };
    if (what === 'diff') host.send(message);
    else once(`${row.rig}/${row.id}/${what}`, message);
  }
}

/** What a button does that says itself whom it is about: a rig's, a batch's, or the name of a bead. */
function performOf(
  { rig = '', bead = '', batch = '', flaky = '' }: DOMStringMap,
  what: string,
  button: HTMLElement,
): void {
  const [verb = '', object = ''] = what.split(' ');
  if (verb === 'bead') host.send({ type: 'bead', rig, id: bead });
  else if (verb === 'turn' && (object === 'pause' || object === 'resume'))
    once(`${rig}/turn`, { type: 'turn', to: object, rig });
  else if (verb === 'forget') once(`${rig}/${flaky}`, { type: 'forget', rig, flaky });
  else if (verb === 'run') {
    const source: OutputSource = { kind: 'run', rig, batch: Number(batch), length: Number(object) };
    output.open(source, button);
  }
}

scroll.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-do]') : null;
  if (button === null) return;
  const what = button.dataset['do'] ?? '';
  const row = table.rowOf(button) ?? landed.rowOf(button);
  if (row !== null) perform(row, what, button);
  else performOf(button.dataset, what, button);
});
scroll.addEventListener('keydown', (event) => {
  const line = event.target instanceof HTMLTableRowElement ? event.target : null;
  if (line === null || event.ctrlKey || event.altKey || event.metaKey) return;
  const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
  const row = table.rowOf(line);
  if (next instanceof HTMLElement) next.focus();
  else if (event.key === 'Enter' && row !== null)
    perform(row, row.actions.includes('diff') ? 'diff' : 'bead', line);
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
for (const one of folded) one.addEventListener('vsc-collapsible-toggle', save);

document.getElementById('root')?.append(notes, element('div', { class: 'split' }, scroll, output.root));
host.send({ type: 'ready' });
const before = host.saved?.output ?? null;
if (before !== null) output.open(before, null);
