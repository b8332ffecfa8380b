import assert from 'node:assert/strict';
import type { BeadId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import type { RigState } from '../../../src/town/state.ts';
import { failurePlaces } from '../../../src/vscode/failurePlaces.ts';
import { plainEnglish } from '../../../src/words/translate.ts';
import { Scene } from '../town/scene.ts';

describe('Places of failed checks', () => {
  let town: Scene;
  let bead: BeadId;
  const failing = (file: string, line: number): RigState => {
    const found = town.bead(bead);
    const why = reason('landing_check_failed', { target: 'main', name: 'test', file, line });
    return { ...town.state, beads: { ...town.state.beads, [bead]: { ...found, reason: why } } };
  };
  const places = (state: RigState) => failurePlaces(state, plainEnglish);

  beforeEach(() => {
    town = new Scene();
    [bead] = town.convoy([{}]) as [BeadId];
    town.delivered(bead);
    town.notProven(bead, 'failed');
  });

  it('are in the worktree of the work that fails', () => {
    const [place] = places(failing('src/a.ts', 12));
    assert.deepEqual([place?.file, place?.line], [`/w/${bead}/src/a.ts`, 12]);
    assert.match(place?.message ?? '', /check test failed.*bead 1/);
    assert.deepEqual([place?.check, place?.bead], ['test', bead]);
  });

  it('are gone once the work is proven, or is gone itself', () => {
    const state = failing('src/a.ts', 3);
    const proven = { ...state.beads[bead], status: 'merging' } as RigState['beads'][BeadId];
    assert.deepEqual(places({ ...state, beads: { ...state.beads, [bead]: proven } }), []);
    assert.deepEqual(places({ ...state, beads: {} }), []);
  });

  it('are none outside of it, on no line, or of work that is over', () => {
    assert.deepEqual(places(failing('../../etc/passwd', 1)), []);
    assert.deepEqual(places(failing('src/a.ts', 0)), []);
    assert.deepEqual(places(town.state), []);
    const state = failing('src/a.ts', 3);
    const ended = { ...state.beads[bead], status: 'completed' } as RigState['beads'][BeadId];
    assert.deepEqual(places({ ...state, beads: { ...state.beads, [bead]: ended } }), []);
  });
});
