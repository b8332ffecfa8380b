import type { SqlValue } from 'sql.js';
import type { Bead } from '../town/bead.ts';
import { type NounName, type Nouns, type Rest, nounNames } from '../town/window.ts';
import { type Sums, add, copyOf, sumOfDoc, sumOfPlace, sumOfRest } from './checksum.ts';
import type { Changes, Folded } from './folded.ts';
import { columnsOf, recount, searchable } from './schema.ts';

export type Write = readonly [sql: string, values: SqlValue[]];
type Noun = Nouns[NounName];

/** What is to be written for some changes, in order, and what the sums are once it is. */
export class Batch {
  readonly #folded: Folded;
  readonly #sums: Sums;
  readonly #placeOf: (name: NounName, id: string) => number;
  readonly #rows: (readonly [name: NounName, id: string, sum: number | null])[] = [];
  readonly #work: Write[] = [];
  /** Behind all rows, because it looks at others'. */
  readonly #beside: Write[] = [];

  constructor(changes: Changes, folded: Folded, sums: Sums, placeOf: (name: NounName, id: string) => number) {
    this.#folded = folded;
    this.#sums = copyOf(sums);
    this.#placeOf = placeOf;
    if (changes.rest) this.#work.push(keepRest(folded.rest, this.#sums));
    for (const name of nounNames) this.#take(name, changes);
  }

  get work(): readonly Write[] {
    return this.#beside.length === 0 ? this.#work : [...this.#work, ...this.#beside];
  }

  /** To be asked when everything is written. */
  sums(): Sums {
    const { rows } = this.#sums;
    for (const [name, id, sum] of this.#rows) {
      if (sum === null) rows[name].delete(id);
      else rows[name].set(id, sum);
    }
    return this.#sums;
  }

  #take(name: NounName, changes: Changes): void {
    for (const [id, before] of changes.nouns[name]) {
      const now = this.#folded.tables[name].get(id);
      if (changes.removed[name].has(id)) {
        // One that was made again after its removal is a new one, behind all others.
        this.#step(name, id, before, undefined);
        this.#step(name, id, undefined, now);
      } else {
        this.#step(name, id, before, now);
      }
    }
  }

  #step(name: NounName, id: string, old: Noun | undefined, noun: Noun | undefined): void {
    if (old !== undefined) add(this.#sums.content, name, -(this.#sums.rows[name].get(id) ?? 0));
    if (noun !== undefined) this.#work.push(this.#keep(name, old, noun));
    else if (old !== undefined) this.#work.push(this.#remove(name, id));
    if (name === 'beads') besideBead(id, old as Bead | undefined, noun as Bead | undefined, this.#beside);
  }

  #keep(name: NounName, old: Noun | undefined, noun: Noun): Write {
    const doc = JSON.stringify(noun);
    const sum = sumOfDoc(noun.id, doc);
    add(this.#sums.content, name, sum);
    this.#rows.push([name, noun.id, sum]);
    if (old !== undefined) return update(name, old, noun, doc);
    const place = this.#sums.next[name];
    this.#sums.next[name] = place + 1;
    add(this.#sums.places, name, sumOfPlace(noun.id, place));
    return insert(name, place, noun, doc);
  }

  #remove(name: NounName, id: string): Write {
    add(this.#sums.places, name, -sumOfPlace(id, this.#placeOf(name, id)));
    this.#rows.push([name, id, null]);
    return [`DELETE FROM ${name} WHERE id = ?`, [id]];
  }
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
