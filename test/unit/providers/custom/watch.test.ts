import assert from 'node:assert/strict';
import type { Sighting } from '../../../../src/ports/agents.ts';
import { watch } from '../../../../src/providers/custom/watch.ts';
import { ManualClock } from '../../../fakes/manualClock.ts';

describe("Watching an agent of a person's own", () => {
  it('tells that it lives when its worktree changed, and never for the time alone', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const seen: Sighting[] = [];
    let changed = 5;
    const watching = watch(
      { worktree: '/wt' },
      (one) => seen.push(one),
      stop.signal,
      clock,
      () => Promise.resolve(changed),
    );
    const working = { kind: 'doing', doing: { kind: 'working', until: null, detail: null } };
    await clock.advance(600_000);
    assert.deepEqual(seen, [working]);
    changed = 6;
    await clock.advance(600_000);
    assert.deepEqual(seen, [working, { kind: 'alive' }]);
    // It was taken away with all that was in it.
    changed = 0;
    await clock.advance(600_000);
    changed = 6;
    await clock.advance(20_000);
    assert.deepEqual(seen, [working, { kind: 'alive' }]);
    stop.abort();
    await watching;
  });
});
