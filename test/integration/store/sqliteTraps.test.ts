import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Database, SqlJsStatic } from 'sql.js';
import { Folded } from '../../../src/store/folded.ts';
import { Projection, openSqliteTables } from '../../../src/store/projection.ts';
import { beadQuery } from '../../../src/store/readModel.ts';
import { createTables } from '../../../src/store/schema.ts';
import { readSnapshot, writeSnapshot } from '../../../src/store/snapshot.ts';
import { loadSqlite, openDatabase } from '../../../src/store/sqlite.ts';
import { Misfit } from '../../../src/store/tables.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { RigFolder } from './rigFolder.ts';

/** Each test springs a trap on sql.js as it is, so that it says when a trap is gone, and then walks past it. */
describe('a trap of sql.js', () => {
  let sqlite: SqlJsStatic;
  before(async () => {
    sqlite = await loadSqlite();
  });

  function filled(beads: number): [Projection, Folded] {
    const tables = new Projection(sqlite);
    const folded = new Folded();
    for (let number = 0; number < beads; number += 1) {
      folded.apply(beadCreated(beadIdOf(number)));
      folded.apply(beadMoved(beadIdOf(number), 'queued', number));
    }
    tables.apply(folded.takeChanges(), folded);
    return [tables, folded];
  }
  const pragma = (database: Database, name: string): unknown =>
    database.exec(`PRAGMA ${name}`)[0]?.values[0]?.[0];

  it('a database goes on writing into the Buffer it was opened from: ours gets bytes of its own', () => {
    const [tables] = filled(3);
    const exported = tables.export(1);
    const bytes = Buffer.from(exported);
    const raw = new sqlite.Database(bytes);
    raw.run('DELETE FROM beads');
    raw.close();
    assert.notDeepEqual(bytes, Buffer.from(exported));

    const untouched = Buffer.from(exported);
    const ours = new Projection(sqlite, untouched);
    ours.rebuild(new Folded());
    const [, folded] = filled(3);
    ours.apply(folded.everything(), folded);
    assert.deepEqual(untouched, Buffer.from(exported));
    tables.close();
    ours.close();
  });

  it('a database inside a transaction cannot be exported: ours is outside again, also after one that failed', () => {
    const raw = openDatabase(sqlite, null);
    raw.run('CREATE TABLE t (x); BEGIN; INSERT INTO t VALUES (1)');
    assert.throws(() => raw.export(), /busy/);
    raw.close();

    const [tables, folded] = filled(3);
    const before = tables.checksums();
    // Beads that are there already, said to be new: the transaction fails half-way.
    assert.throws(() => {
      tables.apply(folded.everything(), folded);
    }, /UNIQUE/);
    assert.deepEqual(tables.checksums(), before);
    const copy = new Projection(sqlite, tables.export(9));
    assert.deepEqual([copy.load().seq, copy.disagreeing(folded)], [9, []]);
    tables.close();
    copy.close();
  });

  it('statements did not outlive an export in older versions: with the pinned one they do, and keep their pragmas', () => {
    const [tables, folded] = filled(3);
    const ready = tables.queries.beads({ ready: true });
    tables.export(1);
    assert.deepEqual(tables.queries.beads({ ready: true }), ready);
    folded.apply(beadMoved(beadIdOf(1), 'completed'));
    tables.apply(folded.takeChanges(), folded);
    assert.equal(tables.queries.beads({ ready: true }).length, 2);
    tables.close();

    const database = openDatabase(sqlite, null);
    database.export();
    assert.deepEqual([pragma(database, 'cache_size'), pragma(database, 'synchronous')], [-131_072, 0]);
    database.close();
    const manifest = createRequire(import.meta.url)('../../../package.json') as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const [major = 0, minor = 0, patch = 0] = (manifest.devDependencies['sql.js'] ?? '')
      .split('.')
      .map(Number);
    assert.ok(major > 1 || minor > 15 || (minor === 15 && patch >= 2), 'pinned, and not before 1.15.2');
  });

  it('the page cache holds 2 MB, so that a large rig gets slow: ours holds the whole database', () => {
    const raw = new sqlite.Database();
    assert.equal(pragma(raw, 'cache_size'), -2_000);
    raw.close();
    for (const bytes of [null, filled(1)[0].export(1)]) {
      const ours = openDatabase(sqlite, bytes);
      assert.equal(pragma(ours, 'cache_size'), -131_072);
      ours.close();
    }
  });

  it('the planner prefers the general index to the one of ready beads: ours is told', () => {
    const [tables] = filled(300);
    const { sql, values } = beadQuery({ ready: true, limit: 20 });
    const plan = (query: string): string =>
      tables
        .all(`EXPLAIN QUERY PLAN ${query}`, values)
        .map((row) => String(row[3]))
        .join('; ');
    assert.match(plan(sql.replace('INDEXED BY beads_ready', '')), /beads_depot/);
    assert.equal(plan(sql), 'SCAN beads USING INDEX beads_ready');
    tables.close();
  });

  it('an empty file is an empty database: for us it is none of ours', async () => {
    const raw = new sqlite.Database(new Uint8Array());
    assert.equal(pragma(raw, 'integrity_check'), 'ok');
    raw.close();
    const tables = await openSqliteTables(new Uint8Array());
    assert.throws(() => tables.load(), Misfit);
    tables.close();
    const strange = new sqlite.Database();
    strange.run(createTables);
    const unfilled = await openSqliteTables(strange.export());
    assert.throws(() => unfilled.load(), Misfit);
    unfilled.close();
    strange.close();
  });

  it('a file that lacks its last byte passes the integrity check: ours is held to its size and digest', async () => {
    const [tables] = filled(50);
    const bytes = tables.export(1);
    tables.close();
    const raw = new sqlite.Database(bytes.slice(0, -1));
    assert.equal(pragma(raw, 'integrity_check'), 'ok');
    raw.close();

    const rig = await new RigFolder().make();
    const place = { files: realFiles, folder: rig.place };
    const path = join(rig.place, 'snapshot-1.sqlite');
    await writeSnapshot(place, 1, 1, bytes);
    assert.deepEqual((await readSnapshot(place, 1)).manifest.size, bytes.length);
    for (const length of [bytes.length - 1, bytes.length / 2, 0]) {
      await truncate(path, length);
      await assert.rejects(readSnapshot(place, 1), { name: 'StoreError', reason: 'damaged', path });
    }
    await writeFile(path, Buffer.concat([await readFile(path), bytes, Buffer.from('x')]));
    await assert.rejects(readSnapshot(place, 1), { reason: 'damaged' });
    await rig.remove();
  });

  it('half a file or another kind of file fails in words of SQLite: ours says Misfit', async () => {
    const [tables] = filled(200);
    const bytes = tables.export(1);
    tables.close();
    for (const wrong of [bytes.slice(0, bytes.length / 2), Buffer.from('no database at all'.repeat(999))]) {
      await assert.rejects(async () => {
        const opened = await openSqliteTables(wrong);
        try {
          opened.load();
        } finally {
          opened.close();
        }
      }, Misfit);
    }
  });
});
