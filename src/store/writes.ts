import type { SqlValue } from 'sql.js';
import type { Bead } from '../town/bead.ts';
import { type NounName, type Nouns, type Rest, nounNames } from '../town/window.ts';
import { type Sums, addDoc, addPlace, subtractDoc, subtractPlace, sumOfRest } from './checksum.ts';
import type { Changes, Folded } from './folded.ts';
import { columnsOf, recount, searchable } from './schema.ts';

export type Write = readonly [sql: string, values: SqlValue[]];
type Noun = Nouns[NounName];

/** What is to be written for the changes, in order; `sums` are brought along. */
export function writesFor(
  changes: Changes,
  folded: Folded,
  sums: Sums,
  placeOf: (name: NounName, id: string) => number,
): readonly Write[] {
  const work: Write[] = changes.rest ? [keepRest(folded.rest, sums)] : [];
  const beside: Write[] = [];
  for (const name of nounNames) {
    for (const [id, before] of changes.nouns[name]) {
      const now = folded.tables[name].get(id);
      const one = { name, id, sums, placeOf };
      if (changes.removed[name].has(id)) {
        // One that was made again after its removal is a new one, behind all others.
        step(one, before, undefined, work, beside);
        step(one, undefined, now, work, beside);
      } else {
        step(one, before, now, work, beside);
      }
    }
  }
  // Behind all rows, because it looks at others'.
  return [...work, ...beside];
}

interface One {
  readonly name: NounName;
  readonly id: string;
  readonly sums: Sums;
  readonly placeOf: (name: NounName, id: string) => number;
}

function step(one: One, old: Noun | undefined, noun: Noun | undefined, work: Write[], beside: Write[]): void {
  const { name, id, sums, placeOf } = one;
  if (old !== undefined) subtractDoc(sums.content, name, id, JSON.stringify(old));
  if (noun !== undefined) work.push(keep(name, old, noun, sums));
  else if (old !== undefined) work.push(remove(name, id, placeOf(name, id), sums));
  if (name === 'beads') besideBead(id, old as Bead | undefined, noun as Bead | undefined, beside);
}

export function keepRest(rest: Rest, sums: Sums): Write {
  const doc = JSON.stringify(rest);
  sums.rig = sumOfRest(doc);
  return ['INSERT OR REPLACE INTO rig (id, doc) VALUES (1, ?)', [doc]];
}

export function keepMeta(values: Readonly<Record<string, number>>): readonly Write[] {
  return Object.entries(values).map(([key, value]) => [
    'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)',
    [key, value],
  ]);
}

function keep(name: NounName, old: Noun | undefined, noun: Noun, sums: Sums): Write {
  const doc = JSON.stringify(noun);
  addDoc(sums.content, name, noun.id, doc);
  if (old !== undefined) return update(name, old, noun, doc);
  const place = sums.next[name];
  sums.next[name] = place + 1;
  addPlace(sums.places, name, noun.id, place);
  return insert(name, place, noun, doc);
}

function insert(name: NounName, place: number, noun: Noun, doc: string): Write {
  const columns = columnsOf(name);
  const names = ['place', 'id', 'doc', ...columns.map(([column]) => column)];
  const values = [place, noun.id, doc, ...columns.map(([, of]) => of(noun))];
  return [`INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, values];
}

/** Statements by table and by which of its columns they set, so that none is put together twice. */
const updates = new Map<string, string>();

/** Touches only columns that changed, so that SQLite leaves the indexes over the others alone. */
function update(name: NounName, old: Noun, noun: Noun, doc: string): Write {
  const names: string[] = [];
  const values: SqlValue[] = [];
  for (const [column, of] of columnsOf(name)) {
    const value = of(noun);
    if (of(old) === value) continue;
    names.push(column);
    values.push(value);
  }
  const key = `${name} ${names.join()}`;
  const sql =
    updates.get(key) ??
    `UPDATE ${name} SET ${[...names, 'doc'].map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
  updates.set(key, sql);
  values.push(doc, noun.id);
  return [sql, values];
}

function remove(name: NounName, id: string, place: number, sums: Sums): Write {
  subtractPlace(sums.places, name, id, place);
  return [`DELETE FROM ${name} WHERE id = ?`, [id]];
}

/** What hangs on a bead outside its own row. */
function besideBead(id: string, before: Bead | undefined, bead: Bead | undefined, work: Write[]): void {
  if (bead === undefined) {
    work.push(['DELETE FROM bead_text WHERE id = ?', [id]]);
  } else if (before?.title !== bead.title || before.description !== bead.description) {
    const text = [id, searchable(bead.title), searchable(bead.description)];
    work.push(['INSERT OR REPLACE INTO bead_text (id, title, description) VALUES (?, ?, ?)', text]);
  }
  const had = before?.dependencies ?? [];
  const has = bead?.dependencies ?? [];
  if (had !== has && had.length + has.length > 0) {
    if (had.length > 0) work.push(['DELETE FROM dependencies WHERE bead = ?', [id]]);
    for (const dependency of new Set(has)) {
      work.push(['INSERT INTO dependencies (bead, dependency) VALUES (?, ?)', [id, dependency]]);
    }
    work.push([recount('?'), [id]]);
  }
  if ((before?.status === 'completed') !== (bead?.status === 'completed')) {
    work.push([recount('SELECT bead FROM dependencies WHERE dependency = ?'), [id]]);
  }
}
