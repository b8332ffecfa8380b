import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type RigState, emptyRig, fold } from '../../../src/town/state.ts';
import { TurnFold } from '../../../src/town/window.ts';
import { anyEvents } from '../../fakes/anyEvent.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';

describe('the fold of a turn', () => {
  it('makes of any events exactly what the plain fold makes of them, to the order of members', () => {
    fc.assert(
      fc.property(fc.array(anyEvents, { maxLength: 4 }), (turns) => {
        let plain: RigState = emptyRig;
        let windowed: RigState = emptyRig;
        for (const events of turns) {
          plain = events.reduce(fold, plain);
          const turn = new TurnFold(windowed);
          for (const event of events) turn.apply(event);
          windowed = turn.state;
        }
        assert.equal(JSON.stringify(windowed), JSON.stringify(plain));
      }),
    );
  });

  it('leaves the state it began with as it was', () => {
    const before = fold(emptyRig, beadCreated(beadIdOf(1)));
    const text = JSON.stringify(before);
    const turn = new TurnFold(before);
    turn.apply(beadMoved(beadIdOf(1), 'queued'));
    turn.apply(beadCreated(beadIdOf(2)));
    assert.equal(JSON.stringify(before), text);
    assert.equal(turn.state.beads[beadIdOf(1)]?.status, 'queued');
  });

  it('copies a record once for all events of the turn', () => {
    const turn = new TurnFold(emptyRig);
    turn.apply(beadCreated(beadIdOf(1)));
    const { beads } = turn.state;
    turn.apply(beadCreated(beadIdOf(2)));
    assert.equal(turn.state.beads, beads);
  });
});
