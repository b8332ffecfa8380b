import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Depot, depotOf } from '../../../src/town/depot.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { type RigState, emptyRig } from '../../../src/town/state.ts';
import { step } from '../../../src/town/step.ts';
import { Scene } from './scene.ts';
import { type Draw, commandFor, walks } from './walk.ts';
import * as say from './words.ts';

/** All that a depot is looked at for, in its order. */
function seen(depot: Depot): unknown {
  return {
    ready: [...depot.ready].map(({ bead, rank, since }) => [bead, rank, since]),
    line: depot.line().map(({ bead }) => bead.id),
    deferred: [...depot.deferred],
    ended: [...depot.ended],
    busy: byId(depot.busy),
    polecats: byId(depot.polecats),
    requests: byId(depot.requests),
  };
}

function byId<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function statesOf(draws: readonly Draw[]): readonly RigState[] {
  const states: RigState[] = [emptyRig];
  [say.adopt, say.confirm, ...draws].forEach((one, turn) => {
    const state = states.at(-1) ?? emptyRig;
    const result = step(state, 'kind' in one ? commandFor(state, one, turn) : { ...one, at: turn });
    if (result.ok) states.push(result.state);
  });
  return states;
}

describe('the order of the depot', function () {
  this.timeout(30_000);

  it('is, kept from event to event, the one that a look at everything gives, also of a state gone back to', () => {
    fc.assert(
      fc.property(walks, fc.nat(), (draws, at) => {
        depotOf(emptyRig);
        const states = statesOf(draws);
        const last = states.at(-1) ?? emptyRig;
        const former = states[at % states.length] ?? emptyRig;
        for (const state of [last, former, last])
          assert.deepEqual(seen(depotOf(state)), seen(new Depot(state)));
      }),
      { numRuns: 150 },
    );
  });

  const ready = ({ state }: Scene): readonly BeadId[] => [...depotOf(state).ready].map(({ bead }) => bead.id);

  it('has a convoy near its end before a newer bead of equal priority, and before its end as it comes', () => {
    const town = new Scene();
    const old = town.convoy([{}, {}, {}, {}], 'auto');
    const young = town.convoy([{}, {}]);
    assert.deepEqual(ready(town), [...old, ...young]);
    // One more comes to the old convoy when the young one is there already.
    const [first] = old;
    assert.ok(first !== undefined);
    const late = say.beadId(900);
    const { convoy } = town.bead(first);
    town.tell({ type: 'createBead', bead: late, convoy, draft: say.draft('late') });
    assert.deepEqual(ready(town), [...old, ...young, late]);
    for (const bead of old) town.tell({ type: 'cancelBead', bead });
    assert.deepEqual(ready(town), [late, ...young]);
  });
});
