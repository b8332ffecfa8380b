import assert from 'node:assert/strict';
import type { BeadFilter } from '../../../src/ports/store.ts';
import { Folded } from '../../../src/store/folded.ts';
import { Projection } from '../../../src/store/projection.ts';
import { beadQuery } from '../../../src/store/readModel.ts';
import { loadSqlite } from '../../../src/store/sqlite.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';

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
});
