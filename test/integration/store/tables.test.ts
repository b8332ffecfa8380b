import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Folded } from '../../../src/store/folded.ts';
import { Projection } from '../../../src/store/projection.ts';
import { loadSqlite } from '../../../src/store/sqlite.ts';
import { type TownEvent, emptyRig, fold } from '../../../src/town/state.ts';
import { anyEvents } from '../../fakes/anyEvent.ts';

describe('the tables, whatever happens', () => {
  const sqlite = loadSqlite();

  async function after(turns: readonly (readonly TownEvent[])[]): Promise<[Projection, Folded]> {
    const tables = new Projection(await sqlite);
    const folded = new Folded();
    for (const events of turns) {
      for (const event of events) folded.apply(event);
      tables.apply(folded.takeChanges(), folded);
    }
    return [tables, folded];
  }

  it('say what the state says, and give it back to the order of its members', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvents, { maxLength: 4 }), async (turns) => {
        const [tables, folded] = await after(turns);
        assert.deepEqual(tables.disagreeing(folded), []);
        const copy = new Projection(await sqlite, tables.export(7));
        const loaded = copy.load();
        assert.equal(loaded.seq, 7);
        assert.equal(
          JSON.stringify(loaded.folded.state()),
          JSON.stringify(turns.flat().reduce(fold, emptyRig)),
        );
        assert.deepEqual(copy.disagreeing(loaded.folded), []);
        tables.close();
        copy.close();
      }),
      { numRuns: 40 },
    );
  });

  it('come to the same checksums however the events were cut into transactions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvents, { maxLength: 4 }), async (turns) => {
        const [one, folded] = await after(turns);
        const [other] = await after([turns.flat()]);
        assert.deepEqual(other.checksums(), one.checksums());
        other.rebuild(folded);
        assert.deepEqual(other.checksums(), one.checksums());
        one.close();
        other.close();
      }),
      { numRuns: 40 },
    );
  });
});
