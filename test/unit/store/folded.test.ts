import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Folded, UnknownEvent } from '../../../src/store/folded.ts';
import { type TownEvent, emptyRig, fold } from '../../../src/town/state.ts';
import { nounNames } from '../../../src/town/window.ts';
import { anyEvents } from '../../fakes/anyEvent.ts';

describe("the store's fold", () => {
  it("is the town's fold, to the order of its members", () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const folded = new Folded();
        for (const event of events) folded.apply(event);
        assert.equal(JSON.stringify(folded.state()), JSON.stringify(events.reduce(fold, emptyRig)));
      }),
      { numRuns: 500 },
    );
  });

  it('names exactly the nouns that changed, with what stood there before', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (earlier, later) => {
        const folded = new Folded();
        for (const event of earlier) folded.apply(event);
        folded.takeChanges();
        const before = folded.state();
        for (const event of later) folded.apply(event);
        const changes = folded.takeChanges();
        const after = folded.state();
        for (const name of nounNames) {
          const was: Readonly<Record<string, unknown>> = before[name];
          const is: Readonly<Record<string, unknown>> = after[name];
          const ids = [...Object.keys({ ...was, ...is }), ...changes.removed[name]];
          const touched = (id: string): boolean => was[id] !== is[id] || changes.removed[name].has(id);
          assert.deepEqual(
            new Map<string, unknown>(changes.nouns[name]),
            new Map(ids.filter(touched).map((id) => [id, was[id]])),
          );
        }
        assert.ok(changes.rest || before.rig === after.rig);
      }),
    );
  });

  it('does not take an event it does not know for one that changes nothing', () => {
    const unknown = { type: 'bead.teleported', at: 1 } as unknown as TownEvent;
    assert.throws(() => {
      new Folded().apply(unknown);
    }, UnknownEvent);
  });
});
