import assert from 'node:assert/strict';
import { nextStart } from '../../../src/town/nextStart.ts';
import { type Reason, reason } from '../../../src/town/reason.ts';
import type { BeadId } from '../../../src/town/ids.ts';
import { Scene } from './scene.ts';

describe('the next start, when all accounts are empty', () => {
  let town: Scene;
  let beads: readonly BeadId[];

  beforeEach(() => {
    town = new Scene();
    beads = town.convoy([{}, {}, {}]);
  });

  const dry = (until: number | null): Reason => reason('tank_dry', { provider: 'p', until });
  const next = (...reasons: readonly (Reason | null)[]): Reason | null =>
    nextStart(town.state, (bead) => reasons[beads.indexOf(bead)] ?? null);

  it('is that of the bead that can go on first', () => {
    const broken = reason('tank_problem', { provider: 'q', until: null });
    assert.deepEqual(next(broken, dry(9), dry(7)), dry(7));
    assert.deepEqual(next(broken, broken, broken), broken);
  });

  it('counts none that no account could help', () => {
    assert.deepEqual(next(reason('blocked_by', { beads: [] }), dry(9), null), dry(9));
  });

  it('is none where something else is waited for, nothing waits, or something is at work', () => {
    assert.equal(next(reason('checks_unconfirmed'), dry(9), dry(9)), null);
    assert.equal(next(null, null, null), null);
    const [first] = beads;
    assert.ok(first !== undefined);
    town.atWork(first);
    assert.equal(next(null, dry(9), dry(9)), null);
  });
});
