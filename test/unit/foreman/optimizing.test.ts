import assert from 'node:assert/strict';
import { withOptimizing } from '../../../src/foreman/optimizing.ts';
import { beadIdOf, plainDraft } from '../../fakes/events.ts';

describe('A new bead', () => {
  const draft = { ...plainDraft, description: 'Parse durations such as 1h30m. '.repeat(40) };
  const made = { type: 'createBead', bead: beadIdOf(1), convoy: null, draft } as const;

  it('is worded anew where a model is there for it', () => {
    const wish = withOptimizing(made, 0);
    assert.deepEqual('optimize' in wish ? wish.optimize : null, [beadIdOf(1)]);
  });

  it('keeps its words where several attempts at it are compared', () => {
    const attempts = [2, 3].map((n) => ({ bead: beadIdOf(n), provider: null }));
    const wish = { ...made, attempts };
    assert.equal(withOptimizing(wish, 0), wish);
  });
});
