import type { BindParams, Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import type { Bead } from '../town/bead.ts';
import type { Rig } from '../town/rig.ts';
import { type Changes, Folded, type NounName, type Nouns, type Rest, nounNames } from './folded.ts';
import { queriesOn } from './readModel.ts';
import { columns, createTables, recount, searchable, tablesVersion } from './schema.ts';
import { loadSqlite, openDatabase } from './sqlite.ts';
import type { Checksums, Queries, Tables } from './tables.ts';

type Column = (noun: Nouns[NounName]) => SqlValue;
type Write = readonly [sql: string, values: SqlValue[]];

/** Tables in a database of sql.js. */
export async function openSqliteTables(bytes: Uint8Array | null): Promise<Tables> {
  return new Projection(await loadSqlite(), bytes);
}

export class Projection implements Tables {
  readonly queries: Queries = queriesOn(this);
  readonly #sqlite: SqlJsStatic;
  #database: Database;
  /** Kept prepared: sql.js from 1.15.2 on keeps them alive across an export. */
  readonly #statements = new Map<string, Statement>();

  constructor(sqlite: SqlJsStatic, bytes: Uint8Array | null = null) {
    this.#sqlite = sqlite;
    this.#database = openDatabase(sqlite, bytes);
    if (bytes === null) this.#database.run(createTables);
  }

  /** What the database holds, and the number it is true for. Throws on anything that is not such a database. */
  load(): { readonly folded: Folded; readonly seq: number } {
    const meta = new Map(this.all('SELECT key, value FROM meta').map(([key, value]) => [key, Number(value)]));
    const rig = (this.docs('SELECT doc FROM rig')[0] ?? null) as Rig | null;
    const rest: Rest = { rig, stopped: meta.get('stopped') === 1, nextToken: meta.get('nextToken') ?? 1 };
    const all = <N extends NounName>(name: N): readonly Nouns[N][] =>
      this.docs(`SELECT doc FROM ${name} ORDER BY place`) as readonly Nouns[N][];
    const folded = new Folded();
    folded.restore(rest, {
      beads: all('beads'),
      convoys: all('convoys'),
      polecats: all('polecats'),
      requests: all('requests'),
      asks: all('asks'),
    });
    return { folded, seq: meta.get('seq') ?? -1 };
  }

  /** Writes what changed, all of it or nothing. */
  apply(changes: Changes, folded: Folded): void {
    const work = this.#work(changes, folded);
    // A single statement is a transaction by itself.
    if (work.length === 1) this.#run(work);
    else this.#transaction(work);
  }

  #transaction(work: readonly Write[]): void {
    this.#run([['BEGIN', []]]);
    try {
      this.#run(work);
      this.#run([['COMMIT', []]]);
    } catch (error) {
      this.#run([['ROLLBACK', []]]);
      throw error;
    }
  }

  #run(work: readonly Write[]): void {
    for (const [sql, values] of work) this.#prepared(sql).run(values);
  }

  /** Starts over from the state. */
  rebuild(folded: Folded): void {
    const empty = new Folded();
    const everything = empty.takeChanges();
    everything.rig = true;
    for (const name of nounNames) {
      for (const id of folded.tables[name].keys()) everything.nouns[name].set(id, undefined);
    }
    this.close();
    this.#database = openDatabase(this.#sqlite, null);
    this.#database.run(createTables);
    this.apply(everything, folded);
  }

  /** All of them when they are of another version than these. */
  disagreeing(folded: Folded): readonly string[] {
    const names = [...nounNames, 'bead_text', 'dependencies'];
    if (this.all('PRAGMA user_version')[0]?.[0] !== tablesVersion) return names;
    const rows = (table: string): number => Number(this.all(`SELECT count(*) FROM ${table}`)[0]?.[0]);
    const beads = [...folded.tables.beads.values()];
    const dependencies = beads.reduce((sum, bead) => sum + new Set(bead.dependencies).size, 0);
    const expected: Readonly<Record<string, number>> = {
      ...Object.fromEntries(nounNames.map((name) => [name, folded.tables[name].size])),
      bead_text: beads.length,
      dependencies,
    };
    return names.filter((name) => rows(name) !== expected[name]);
  }

  checksums(): Checksums {
    return {};
  }

  /** Not inside a transaction. */
  export(seq: number, { stopped, nextToken }: Rest): Uint8Array {
    const put = 'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)';
    for (const [key, value] of Object.entries({ seq, nextToken, stopped: stopped ? 1 : 0 })) {
      this.#prepared(put).run([key, value]);
    }
    return this.#database.export();
  }

  all(sql: string, values: BindParams = null): readonly SqlValue[][] {
    const statement = this.#prepared(sql);
    const rows: SqlValue[][] = [];
    try {
      statement.bind(values);
      while (statement.step()) rows.push(statement.get());
    } finally {
      statement.reset();
    }
    return rows;
  }

  /** Documents in the first column; the store wrote them, so each is what its table says. */
  docs(sql: string, values: BindParams = null): readonly unknown[] {
    return this.all(sql, values).map(([doc]) => JSON.parse(String(doc)) as unknown);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string): Statement {
    const found = this.#statements.get(sql);
    if (found !== undefined) return found;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #work(changes: Changes, folded: Folded): Write[] {
    const work: Write[] = [];
    if (changes.rig) {
      work.push(['INSERT OR REPLACE INTO rig (id, doc) VALUES (1, ?)', [JSON.stringify(folded.rest.rig)]]);
    }
    for (const name of nounNames) {
      for (const [id, before] of changes.nouns[name]) {
        const noun = folded.tables[name].get(id);
        if (noun !== undefined) work.push(upsert(name, before, noun));
      }
    }
    for (const [id, before] of changes.nouns.beads) {
      const bead = folded.tables.beads.get(id);
      if (bead !== undefined) work.push(...besideBead(before, bead));
    }
    return work;
  }
}

/** Touches only columns that changed, so that SQLite leaves the indexes over the others alone. */
function upsert(name: NounName, before: Nouns[NounName] | undefined, noun: Nouns[NounName]): Write {
  const all = Object.entries(columns[name] as Readonly<Record<string, Column>>);
  const changed = all.filter(([, of]) => before === undefined || of(before) !== of(noun));
  const names = [...changed.map(([column]) => column), 'doc'];
  const values = [...changed.map(([, of]) => of(noun)), JSON.stringify(noun), noun.id];
  if (before === undefined) {
    const places = names.map(() => '?').join(', ');
    return [`INSERT INTO ${name} (${names.join(', ')}, id) VALUES (${places}, ?)`, values];
  }
  return [`UPDATE ${name} SET ${names.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, values];
}

/** What hangs on a bead outside its own row; written after all rows, because it looks at others'. */
function besideBead(before: Bead | undefined, bead: Bead): Write[] {
  const work: Write[] = [];
  if (before?.title !== bead.title || before.description !== bead.description) {
    const text = [bead.id, searchable(bead.title), searchable(bead.description)];
    work.push(['INSERT OR REPLACE INTO bead_text (id, title, description) VALUES (?, ?, ?)', text]);
  }
  const had = before?.dependencies ?? [];
  if (had !== bead.dependencies && had.length + bead.dependencies.length > 0) {
    if (had.length > 0) work.push(['DELETE FROM dependencies WHERE bead = ?', [bead.id]]);
    for (const dependency of new Set(bead.dependencies)) {
      work.push(['INSERT INTO dependencies (bead, dependency) VALUES (?, ?)', [bead.id, dependency]]);
    }
    work.push([recount('?'), [bead.id]]);
  }
  if ((before?.status === 'completed') !== (bead.status === 'completed')) {
    work.push([recount('SELECT bead FROM dependencies WHERE dependency = ?'), [bead.id]]);
  }
  return work;
}
