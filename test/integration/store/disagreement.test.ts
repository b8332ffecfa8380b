import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, SqlValue } from 'sql.js';
import { openSqliteTables } from '../../../src/store/projection.ts';
import { recall } from '../../../src/store/recall.ts';
import { loadSqlite, openDatabase } from '../../../src/store/sqlite.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import type { AskId, CommitId, ConvoyId, PolecatId, RequestId } from '../../../src/town/ids.ts';
import type { TownEvent } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved, rigId } from '../../fakes/events.ts';
import { RigFolder } from './rigFolder.ts';

const convoy = 'cv-00001' as ConvoyId;
const polecat = 'nux-1' as PolecatId;
const commit = 'a'.repeat(40) as CommitId;
const seat = { runner: 'worker', provider: 'rehearsal', tank: 'rehearsal', model: 'script' };
/** At least one row in every table. */
const events = [
  { type: 'rig.adopted', id: rigId, name: 'r', commonDir: '/r', target: 'main', at: 1 },
  { type: 'convoy.created', convoy, title: 'one', landing: 'review', held: false, at: 1 },
  { ...beadCreated(beadIdOf(1), { dependencies: [beadIdOf(2)] }, 5), convoy },
  beadCreated(beadIdOf(2), {}, 6),
  beadMoved(beadIdOf(1), 'completed', 9),
  { type: 'polecat.created', polecat, name: 'nux', bead: beadIdOf(2), branch: 'b', seat, token: 1, at: 1 },
  {
    type: 'request.entered',
    request: 'mr-00001' as RequestId,
    bead: beadIdOf(2),
    branch: 'b',
    head: commit,
    approval: null,
    at: 1,
  },
  {
    type: 'ask.raised',
    ask: 'ak-00001' as AskId,
    bead: beadIdOf(2),
    subject: { kind: 'permission', polecat, token: 1, tool: 'run', detail: 'x' },
    deadline: 9,
    at: 1,
  },
] as readonly TownEvent[];

describe('tables that do not say what the journal says', () => {
  let rig: RigFolder;
  let whole: string;
  let expected: string;
  before(async () => {
    rig = await new RigFolder().make();
    const store = await rig.open();
    for (const [index, event] of events.entries()) await store.append(index, [event]);
    await store.close();
    whole = store.folder;
    expected = JSON.stringify((await look(whole)).state);
  });
  after(() => rig.remove());

  it('are noticed and made anew whichever cell of whichever table differs, and the feed says so', async () => {
    const cells = await cellsOf(whole);
    const tables = [
      'asks',
      'bead_text',
      'beads',
      'convoys',
      'dependencies',
      'meta',
      'polecats',
      'requests',
      'rig',
    ];
    assert.deepEqual([...new Set(cells.map(({ table }) => table))].sort(), tables);
    for (const { table, column, row } of cells) {
      const said = await harmed(whole, (database) => {
        change(database, table, column, row);
      });
      const what = `${table}.${column} of row ${String(row)}`;
      assert.equal(JSON.stringify(said.state), expected, what);
      assert.equal(said.ready, '[]', what);
      assert.match(said.news, /^store\.(tables_rebuilt|snapshot_damaged)$/, what);
    }
  });

  it('are noticed when a row or an index is missing or one too many', async () => {
    for (const harm of [
      'DELETE FROM bead_text WHERE id = (SELECT min(id) FROM bead_text)',
      'DELETE FROM dependencies; UPDATE beads SET blockers = 0',
      'DELETE FROM asks',
      'DELETE FROM rig',
      `INSERT INTO dependencies VALUES ('gt-00002', 'gt-00001')`,
      `INSERT INTO convoys SELECT 2, 'cv-00002', doc FROM convoys`,
      'DROP INDEX beads_ready',
      'DROP TABLE bead_text',
      'ALTER TABLE polecats RENAME COLUMN state TO mood',
      'UPDATE polecats SET place = -place',
    ]) {
      const said = await harmed(whole, (database) => database.run(harm));
      assert.equal(JSON.stringify(said.state), expected, harm);
      assert.match(said.news, /^store\.(tables_rebuilt|snapshot_damaged)$/, harm);
    }
  });

  it('are made anew without a word when an older Rigs made them', async () => {
    const said = await harmed(whole, (database) => {
      const [doc] = database.exec('SELECT doc FROM rig')[0]?.values[0] ?? [];
      const { rig: alone, nextToken } = JSON.parse(String(doc)) as { rig: unknown; nextToken: number };
      database.run('UPDATE rig SET doc = ?', [JSON.stringify(alone)]);
      database.run(`DELETE FROM meta WHERE key <> 'seq'`);
      database.run(`INSERT INTO meta VALUES ('nextToken', ?), ('stopped', 0)`, [nextToken]);
      database.run(`UPDATE polecats SET doc = json_remove(doc, '$.claim')`);
      database.run('PRAGMA user_version = 1; DROP INDEX beads_ready');
    });
    assert.deepEqual(said.state, JSON.parse(expected));
    assert.deepEqual([said.ready, said.news], ['[]', '']);
  });
});

/** What a reader finds in a folder. */
async function look(folder: string): Promise<{ state: unknown; ready: string; news: string }> {
  const { folded, tables, news } = await recall({
    place: { files: realFiles, folder },
    openTables: openSqliteTables,
    at: 1,
    role: 'reader',
    context: { rig: rigId },
  });
  const ready = JSON.stringify(tables.queries.beads({ ready: true }));
  assert.deepEqual(tables.disagreeing(folded), []);
  tables.close();
  return { state: folded.state(), ready, news: news.map(({ what }) => what).join() };
}

/** The same of a copy whose snapshot was changed behind the store's back, its manifest made to fit. */
async function harmed(folder: string, harm: (database: Database) => unknown): ReturnType<typeof look> {
  const copy = await mkdtemp(`${folder}-`);
  await cp(folder, copy, { recursive: true });
  const path = join(copy, `snapshot-${String(events.length)}.sqlite`);
  const database = openDatabase(await loadSqlite(), await readFile(path));
  harm(database);
  const bytes = database.export();
  database.close();
  await writeFile(path, bytes);
  const manifest = path.replace('.sqlite', '.json');
  const record = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeFile(manifest, JSON.stringify({ ...record, size: bytes.length, sha256 }));
  try {
    return await look(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

interface Cell {
  readonly table: string;
  readonly column: string;
  readonly row: number;
}

/** All of `meta`, whose rows are about different things, and of the first row of each other table. */
async function cellsOf(folder: string): Promise<readonly Cell[]> {
  const bytes = await readFile(join(folder, `snapshot-${String(events.length)}.sqlite`));
  const database = openDatabase(await loadSqlite(), bytes);
  const column = (sql: string, index = 0): readonly SqlValue[] =>
    database.exec(sql)[0]?.values.map((row) => row[index] ?? null) ?? [];
  const cells = column(`SELECT name FROM sqlite_master WHERE type = 'table'`).flatMap((table) =>
    column(`PRAGMA table_info(${String(table)})`, 1).flatMap((name) =>
      column(`SELECT 1 FROM ${String(table)} ${table === 'meta' ? '' : 'LIMIT 1'}`).map((_, row) => ({
        table: String(table),
        column: String(name),
        row,
      })),
    ),
  );
  database.close();
  return cells;
}

function change(database: Database, table: string, column: string, row: number): void {
  const rows = database.exec(`SELECT * FROM ${table}`)[0];
  const values = rows?.values[row] ?? [];
  const where = rows?.columns.map((name) => `${name} IS ?`).join(' AND ') ?? '';
  const value = values[rows?.columns.indexOf(column) ?? -1] ?? null;
  database.run('PRAGMA ignore_check_constraints = ON');
  database.run(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, [other(value), ...values]);
  assert.equal(database.getRowsModified(), 1);
}

function other(value: SqlValue): SqlValue {
  if (typeof value === 'number') return value + 77;
  if (typeof value !== 'string') return 'x';
  return /\d/.test(value) ? value.replace(/\d/, (digit) => String((Number(digit) + 7) % 10)) : `${value}x`;
}
