import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outboxOf } from '../../../src/gateway/outbox.ts';
import { watchOutbox } from '../../../src/gateway/watchOutbox.ts';

describe('what is kept while a window is open', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rigs-outbox-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const entry = '000000000000001-11111111-1111-4111-8111-111111111111.json';
  const keep = (home: string, name = entry) => writeFile(join(outboxOf(home), name), '');

  /** Watches with a system that tells when `tell` is called, or only by the clock. */
  async function watching(everyMs: number) {
    const home = join(folder, 'door');
    let told = (): void => undefined;
    let watched = (): void => undefined;
    const ready = new Promise<void>((resolve) => (watched = resolve));
    let taken = 0;
    let seen = (): void => undefined;
    const outbox = watchOutbox({
      ...{ home, everyMs },
      takeUp: async () => {
        taken += 1;
        await rm(join(outboxOf(home), entry));
        seen();
      },
      onError: (error) => {
        throw error;
      },
      watch: (_, changed) => {
        told = () => {
          changed(null);
        };
        watched();
        return { close: () => undefined };
      },
    });
    await ready;
    return {
      home,
      outbox,
      tell: () => {
        told();
      },
      taken: () => taken,
      next: () => new Promise<void>((resolve) => (seen = resolve)),
    };
  }

  it('is taken up as soon as it is there, and nothing else is', async () => {
    const { home, outbox, tell, taken } = await watching(60_000);
    await keep(home, 'a-draft.tmp');
    tell();
    // It waits for a look that is under way.
    await outbox.close();
    assert.equal(taken(), 0);
    const again = await watching(60_000);
    const seenAgain = again.next();
    await keep(home);
    // One that is closed hears nothing.
    tell();
    again.tell();
    await seenAgain;
    await again.outbox.close();
    assert.deepEqual([taken(), again.taken()], [0, 1]);
  });

  it('is taken up by and by where the system cannot tell', async () => {
    const { home, outbox, taken, next } = await watching(10);
    const seen = next();
    await keep(home);
    await seen;
    await outbox.close();
    assert.equal(taken(), 1);
  });
});
