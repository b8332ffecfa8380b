import type { BindParams, Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import { type Sums, checksumsOf, noSums, printSums } from './checksum.ts';
import { disagreeing, sumOfSchema } from './disagreement.ts';
import { type Changes, Folded } from './folded.ts';
import { loadFrom } from './loading.ts';
import { type Asked, queriesOn } from './readModel.ts';
import { createTables, tablesVersion } from './schema.ts';
import { loadSqlite, openDatabase } from './sqlite.ts';
import { type Checksums, Misfit, type Queries, type Tables } from './tables.ts';
import { Batch, type Write, keepMeta, keepRest } from './writes.ts';

/** Tables in a database of sql.js. */
export async function openSqliteTables(bytes: Uint8Array | null): Promise<Tables> {
  const sqlite = await loadSqlite();
  try {
    return new Projection(sqlite, bytes);
  } catch (error) {
    throw asMisfit(error);
  }
}

export class Projection implements Tables, Asked {
  readonly queries: Queries = queriesOn(this);
  readonly #sqlite: SqlJsStatic;
  #database: Database;
  /** Kept prepared: sql.js from 1.15.2 on keeps them alive across an export. */
  readonly #statements = new Map<string, Statement>();
  #sums: Sums = noSums();

  constructor(sqlite: SqlJsStatic, bytes: Uint8Array | null = null) {
    this.#sqlite = sqlite;
    this.#database = openDatabase(sqlite, bytes);
    if (bytes === null) this.#begin();
  }

  load(): { readonly folded: Folded; readonly seq: number } {
    try {
      const { version, folded, seq, sums } = loadFrom(this);
      if (version === tablesVersion) this.#sums = sums;
      else this.rebuild(folded);
      return { folded, seq };
    } catch (error) {
      throw asMisfit(error);
    }
  }

  apply(changes: Changes, folded: Folded): void {
    const batch = new Batch(changes, folded, this.#sums, (name, id) =>
      Number(this.all(`SELECT place FROM ${name} WHERE id = ?`, [id])[0]?.[0]),
    );
    const { work } = batch;
    // A single statement is a transaction by itself.
    if (work.length === 1) this.#run(work);
    else if (work.length > 1) this.#transaction(work);
    this.#sums = batch.sums();
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

  rebuild(folded: Folded): void {
    this.close();
    this.#database = openDatabase(this.#sqlite, null);
    this.#begin();
    this.apply(folded.everything(), folded);
  }

  #begin(): void {
    this.#database.run(createTables);
    this.#sums = noSums();
    this.#run([keepRest(new Folded().rest, this.#sums), ...keepMeta({ schema: sumOfSchema(this) })]);
  }

  disagreeing(folded: Folded): readonly string[] {
    return disagreeing(this, folded);
  }

  checksums(): Checksums {
    return checksumsOf(this.#sums);
  }

  /** Not inside a transaction. */
  export(seq: number): Uint8Array {
    this.#run(keepMeta({ seq, ...printSums(this.#sums) }));
    return this.#database.export();
  }

  *rows(sql: string, values: BindParams = null): Generator<readonly SqlValue[]> {
    const statement = this.#prepared(sql);
    try {
      statement.bind(values);
      while (statement.step()) yield statement.get();
    } finally {
      statement.reset();
    }
  }

  all(sql: string, values: BindParams = null): readonly SqlValue[][] {
    return [...this.rows(sql, values)] as SqlValue[][];
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
}

/** SQLite finds damage only where it looks, and says so in words of its own. */
function asMisfit(error: unknown): Misfit {
  return error instanceof Misfit ? error : new Misfit(String(error), { cause: error });
}
