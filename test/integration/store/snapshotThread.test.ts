import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../../src/ports/store.ts';
import { type MakeSnapshot, makeOffThread } from '../../../src/store/offThread.ts';
import { emptyRig, fold } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { settled } from '../../fakes/manualClock.ts';
import { RigFolder, flipBit, namesIn } from './rigFolder.ts';

const limits = { snapshotEvery: 10, threadFrom: 1 };
const made = (number: number): ReturnType<typeof beadCreated> =>
  beadCreated(beadIdOf(number), { dependencies: number > 1 ? [beadIdOf(number - 1)] : [] });

describe('a snapshot made in another thread', () => {
  let rig: RigFolder;
  beforeEach(async () => {
    rig = await new RigFolder().make();
  });
  afterEach(() => rig.remove());

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await condition())) {
      if (Date.now() > deadline) assert.fail('it did not come to be');
      await settled();
    }
  }
  const stands = (store: Store, seq: number) => async (): Promise<boolean> =>
    (await namesIn(store.folder, /^snapshot-.*json$/)).includes(`snapshot-${String(seq)}.json`);
  async function append(store: Store, from: number, to: number): Promise<void> {
    for (let number = from; number <= to; number += 1) await store.append(number, [made(number)]);
  }
  const said = async (store: Store): Promise<readonly string[]> =>
    (await store.recentFeed(9)).map(({ what }) => what);

  it('is made of the one before and the journal, while the store goes on, and is what the store would have exported', async () => {
    const orders: number[] = [];
    let making = Promise.resolve();
    const elsewhere: MakeSnapshot = (order) => {
      orders.push(order.seq);
      making = makeOffThread(order);
      return making;
    };
    const store = await rig.open({ limits, elsewhere });
    await append(store, 1, 14);
    await making;
    await settled();
    await store.append(15, [beadMoved(beadIdOf(1), 'completed')]);
    await append(store, 16, 20);
    await append(store, 21, 23);
    await making;
    assert.deepEqual(orders, [10, 20]);
    assert.deepEqual(await namesIn(store.folder, /^snapshot-.*json$/), [
      'snapshot-10.json',
      'snapshot-20.json',
    ]);
    assert.deepEqual(await said(store), []);
    // As a crash leaves it: no last snapshot, three transactions behind the second one.
    const seen = await rig.open({ mode: 'reader' });
    const events = Array.from({ length: 23 }, (_, index) => made(index + 1));
    events[14] = beadMoved(beadIdOf(1), 'completed');
    assert.equal(JSON.stringify(seen.initial), JSON.stringify(events.reduce(fold, emptyRig)));
    assert.deepEqual(await said(seen), []);
  });

  const mishaps: Readonly<Record<string, (store: () => Store) => MakeSnapshot>> = {
    'no thread can be started': () => (order) => makeOffThread(order, join(rig.place, 'nothing.cjs')),
    'it would not hold what the store has': () => (order) =>
      makeOffThread({ ...order, checksums: { ...order.checksums, 'content.beads': 1 } }),
    'it would end at another number': () => (order) => makeOffThread({ ...order, seq: order.seq + 1 }),
    'a file of the journal that it reads is damaged': (store) => async (order) => {
      await flipBit(join(store().folder, 'journal-2.jsonl'), 200);
      await makeOffThread(order);
    },
  };
  for (const [what, mishap] of Object.entries(mishaps)) {
    it(`is exported instead when ${what}, and the feed says so`, async () => {
      const store: Store = await rig.open({ limits, elsewhere: mishap(() => store) });
      await append(store, 1, 10);
      await until(stands(store, 10));
      assert.deepEqual(await said(store), ['store.snapshot_inline']);
      const seen = await rig.open({ mode: 'reader' });
      assert.equal(Object.keys(seen.initial.beads).length, 10);
      assert.deepEqual(
        (await seen.recentFeed(9)).map(({ what: code }) => code),
        ['store.snapshot_inline'],
      );
    });
  }

  it('is not written when another window has taken the rig over meanwhile', async () => {
    let refusal = '';
    const elsewhere: MakeSnapshot = async (order) => {
      await writeFile(join(order.folder, `owner-${String(order.epoch + 1)}.json`), '');
      await makeOffThread(order).catch((error: unknown) => {
        refusal = String(error);
        throw error;
      });
    };
    const store = await rig.open({ limits, elsewhere });
    await append(store, 1, 10);
    await until(() => Promise.resolve(refusal !== ''));
    assert.match(refusal, /Another process owns this rig/);
    await assert.rejects(store.append(11, [made(11)]), { reason: 'fenced' });
    assert.deepEqual(await namesIn(store.folder, /^snapshot/), []);
  });

  it('is not tried again in place when the system refuses the file', async () => {
    const store = await rig.open({ limits, elsewhere: makeOffThread });
    const taken = join(store.folder, 'snapshot-10.sqlite');
    await mkdir(join(taken, 'x'), { recursive: true });
    await append(store, 1, 10);
    await until(async () => (await said(store)).length > 0);
    assert.deepEqual(await said(store), ['store.snapshot_failed']);
    await rm(taken, { recursive: true });
  });
});
