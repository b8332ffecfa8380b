import type { Database, SqlJsStatic } from 'sql.js';

let loaded: Promise<SqlJsStatic> | null = null;

/**
 * SQLite compiled to WebAssembly, compiled once a process. Loaded late: it costs some 35 ms and lies in a bundle of
 * its own, which finds its wasm file beside itself.
 */
export function loadSqlite(): Promise<SqlJsStatic> {
  loaded ??= import('sql.js')
    .then((module) => module.default())
    .catch((error: unknown) => {
      loaded = null;
      throw error;
    });
  return loaded;
}

/**
 * The database lives in memory and the journal makes things durable, so SQLite need not. The cache holds the whole
 * database: with its default of 2 MB an update gets slower with the size of the rig. Nobody else can open it, so
 * taking and giving back its locks at every statement would only cost time (nearly half of an update).
 */
const pragmas =
  'PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -131072; PRAGMA locking_mode = EXCLUSIVE;';

/** A database of its own memory: sql.js would go on writing into a Buffer that it is handed. */
export function openDatabase({ Database }: SqlJsStatic, bytes: Uint8Array | null): Database {
  const database = bytes === null ? new Database() : new Database(new Uint8Array(bytes));
  database.run(pragmas);
  return database;
}
