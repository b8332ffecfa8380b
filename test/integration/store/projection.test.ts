import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BeadFilter } from '../../../src/ports/store.ts';
import { Folded } from '../../../src/store/folded.ts';
import { Projection } from '../../../src/store/projection.ts';
import { beadQuery } from '../../../src/store/readModel.ts';
import { loadSqlite, openDatabase } from '../../../src/store/sqlite.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { RigFolder } from './rigFolder.ts';

describe('the tables', () => {
  const plans: readonly (readonly [string, BeadFilter, RegExp])[] = [
    ['ready beads', { ready: true, limit: 20 }, /^SCAN beads USING INDEX beads_ready$/],
    [
      'ended beads',
      { statuses: ['completed', 'failed'], limit: 50 },
      /^SEARCH beads USING INDEX beads_ended \(ended_at>\?\)$/,
    ],
    ['beads of one status', { statuses: ['queued'] }, /^SEARCH beads USING INDEX beads_depot \(status=\?\)$/],
    ['beads of a convoy', { convoy: 'cv-00001' }, /^SEARCH beads USING INDEX beads_convoy \(convoy=\?\)$/],
  ];
  for (const [what, filter, plan] of plans) {
    it(`find ${what} by the index made for it, in order and without sorting`, async () => {
      const projection = new Projection(await loadSqlite());
      const folded = new Folded();
      for (let number = 0; number < 200; number += 1) {
        folded.apply(beadCreated(beadIdOf(number)));
        folded.apply(beadMoved(beadIdOf(number), number % 3 === 0 ? 'completed' : 'queued', number));
      }
      projection.apply(folded.takeChanges(), folded);
      const { sql, values } = beadQuery(filter);
      const steps = projection.all(`EXPLAIN QUERY PLAN ${sql}`, values).map((row) => String(row[3]));
      assert.equal(steps.length, 1, steps.join('; '));
      assert.match(steps[0] ?? '', plan);
      projection.close();
    });
  }

  it('are built anew from the documents when rows are missing or they are of another version', async () => {
    const rig = await new RigFolder().make();
    const store = await rig.open();
    const needs = { dependencies: [beadIdOf(1)] };
    await store.append(1, [
      beadCreated(beadIdOf(1)),
      beadCreated(beadIdOf(2), needs),
      beadMoved(beadIdOf(2), 'queued'),
    ]);
    await store.close();
    for (const harm of [
      'DELETE FROM bead_text',
      'DELETE FROM dependencies; UPDATE beads SET blockers = 0',
      'DROP INDEX beads_ready; PRAGMA user_version = 77',
    ]) {
      await tamper(store.folder, harm);
      const reopened = await rig.open();
      assert.equal(reopened.read.beads({ text: 'durations' }).length, 2, harm);
      assert.deepEqual(reopened.read.beads({ ready: true }), [], harm);
      await reopened.close();
    }
    await rig.remove();
  });

  it('of a snapshot do not change the bytes they were opened from', async () => {
    const sqlite = await loadSqlite();
    const first = new Projection(sqlite);
    const bytes = Buffer.from(first.export(0));
    const before = Buffer.from(bytes).toString('hex');
    const second = openDatabase(sqlite, bytes);
    second.run('CREATE TABLE more (x); INSERT INTO more VALUES (1)');
    assert.equal(bytes.toString('hex'), before);
    first.close();
    second.close();
  });
});

/** Changes the snapshot behind the store's back and signs it again. */
async function tamper(folder: string, sql: string): Promise<void> {
  const path = join(folder, 'snapshot-1.sqlite');
  const database = openDatabase(await loadSqlite(), await readFile(path));
  database.run(sql);
  const bytes = database.export();
  database.close();
  await writeFile(path, bytes);
  const manifest = path.replace('.sqlite', '.json');
  const record = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await writeFile(manifest, JSON.stringify({ ...record, size: bytes.length, sha256 }));
}
