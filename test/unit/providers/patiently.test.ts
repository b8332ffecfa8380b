import assert from 'node:assert/strict';
import { ModelError } from '../../../src/ports/models.ts';
import { patiently } from '../../../src/providers/patiently.ts';
import { ManualClock } from '../../fakes/manualClock.ts';

describe('asking a busy model again', () => {
  /** How long each pause was until the answers ran out or one came. */
  async function asked(answers: readonly (ModelError | 'answer')[], random = 0.5): Promise<unknown[]> {
    const clock = new ManualClock();
    const told: unknown[] = [];
    let last = clock.now();
    const rest = [...answers];
    const asking = patiently(
      () => {
        told.push(clock.now() - last);
        last = clock.now();
        const next = rest.shift() ?? 'answer';
        return next === 'answer' ? Promise.resolve(next) : Promise.reject(next);
      },
      { clock, random: () => random, signal: new AbortController().signal, patience: { retries: 3 } },
    ).then(
      (answer) => told.push(answer),
      (error: unknown) => told.push(error instanceof ModelError ? error.reason : error),
    );
    await clock.advance(60_000);
    await asking;
    return told;
  }

  const busy = new ModelError('overloaded', 'busy');

  it('takes longer each time, and ends after a few', async () => {
    assert.deepEqual(await asked([busy, busy, busy, busy, busy]), [0, 375, 750, 1500, 'overloaded']);
  });

  it('spreads the pauses of many agents by the draw it is given', async () => {
    assert.deepEqual(await asked([busy], 0), [0, 250, 'answer']);
    assert.deepEqual(await asked([busy], 0.999), [0, 499.75, 'answer']);
  });

  it('waits as long as the vendor asked, and not at all when that is too long', async () => {
    const now = new ManualClock().now();
    assert.deepEqual(await asked([new ModelError('overloaded', 'busy', now + 5000)]), [0, 5000, 'answer']);
    assert.deepEqual(await asked([new ModelError('overloaded', 'busy', now + 60_000)]), [0, 'overloaded']);
  });

  it('waits for a limit that ends within a minute, with a pause of its own that spreads many agents', async () => {
    const now = new ManualClock().now();
    const until = (ms: number): ModelError => new ModelError('limit', 'no more', now + ms);
    assert.deepEqual(await asked([until(37_000)]), [0, 37_375, 'answer']);
    assert.deepEqual(await asked([until(61_000)]), [0, 'limit']);
  });

  it('does not ask again about limits without an end, keys, money and nonsense', async () => {
    for (const reason of ['limit', 'auth', 'credit', 'refused', 'protocol', 'cancelled'] as const) {
      assert.deepEqual(await asked([new ModelError(reason, 'no')]), [0, reason]);
    }
  });

  it('stops waiting when it is cancelled', async () => {
    const stop = new AbortController();
    const asking = patiently(() => Promise.reject(busy), {
      clock: new ManualClock(),
      random: () => 0,
      signal: stop.signal,
    });
    stop.abort();
    await assert.rejects(asking, { reason: 'cancelled' });
  });
});
