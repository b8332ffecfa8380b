import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Notice } from '../../../src/ports/notices.ts';
import type { ArchiveFilter, BeadFilter, Store } from '../../../src/ports/store.ts';
import { endedStatuses } from '../../../src/town/bead.ts';
import type { AskId, ConvoyId, PolecatId } from '../../../src/town/ids.ts';
import { reason } from '../../../src/town/reason.ts';
import { type TownEvent, emptyRig, fold } from '../../../src/town/state.ts';
import { anyEvents } from '../../fakes/anyEvent.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { settled } from '../../fakes/manualClock.ts';
import { MemoryStore } from '../../fakes/memoryStore.ts';

/** A store under test, and how it is closed and opened again. */
export interface Subject {
  readonly store: Store;
  reopen(): Promise<Store>;
  remove(): Promise<void>;
}

const bead = beadIdOf;

/** What every store promises, on a disk or not. */
export function storeContract(name: string, make: () => Promise<Subject>): void {
  describe(`a store (${name})`, () => {
    let subject: Subject;
    let store: Store;
    beforeEach(async () => {
      subject = await make();
      ({ store } = subject);
    });
    afterEach(() => subject.remove());

    it('begins empty', () => {
      assert.deepEqual(store.initial, emptyRig);
      assert.equal(store.read.seq(), 0);
      assert.deepEqual(store.read.beads({}), []);
    });

    it('numbers transactions in the order in which they were handed over', async () => {
      const seqs = await Promise.all([1, 2, 3].map((one) => store.append(one, [beadCreated(bead(one))])));
      assert.deepEqual(seqs, [1, 2, 3]);
      assert.equal(await store.append(4, []), 4);
      assert.equal(store.read.seq(), 4);
    });

    it('shows what it acknowledged', async () => {
      await store.append(1, [beadCreated(bead(1)), beadMoved(bead(1), 'queued')]);
      assert.equal(store.read.bead(bead(1))?.status, 'queued');
      assert.deepEqual(store.read.countByStatus(), { queued: 1 });
      assert.equal(store.read.bead(bead(2)), null);
    });

    it('remembers when it is opened again exactly what the town makes of the events, to the order of members', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvents, { maxLength: 3 }), async (transactions) => {
          await subject.remove();
          subject = await make();
          for (const events of transactions) await subject.store.append(1, events);
          const reopened = await subject.reopen();
          const expected = transactions.flat().reduce(fold, emptyRig);
          assert.equal(JSON.stringify(reopened.initial), JSON.stringify(expected));
          sameAnswers(reopened, transactions.flat());
        }),
        { numRuns: 12 },
      );
    });

    it('gives open beads in dispatch order: priority, age, id', async () => {
      await store.append(1, [
        beadCreated(bead(1), { priority: 'low' }, 1),
        beadCreated(bead(2), {}, 3),
        beadCreated(bead(4), {}, 2),
        beadCreated(bead(3), {}, 2),
        beadCreated(bead(5), { priority: 'critical' }, 9),
      ]);
      assert.deepEqual(idsOf(store, {}), [5, 3, 4, 2, 1].map(bead));
      assert.deepEqual(idsOf(store, { limit: 2, offset: 1 }), [3, 4].map(bead));
      assert.deepEqual(idsOf(store, { limit: 0 }), []);
    });

    it('gives ended beads newest first', async () => {
      const ended = [1, 2, 3].flatMap((one) => [
        beadCreated(bead(one)),
        beadMoved(bead(one), one === 2 ? 'failed' : 'completed', one * 10),
      ]);
      await store.append(1, [...ended, beadCreated(bead(9))]);
      assert.deepEqual(idsOf(store, { statuses: endedStatuses }), [3, 2, 1].map(bead));
      assert.deepEqual(idsOf(store, { statuses: ['completed'] }), [3, 1].map(bead));
      assert.deepEqual(idsOf(store, { statuses: [] }), []);
    });

    it('finds beads by convoy and by text in any case, whatever the text', async () => {
      const convoy = 'cv-00001' as ConvoyId;
      const hostile = `50% "off"'; DROP TABLE beads; -- Ünïcode_`;
      await store.append(1, [
        { ...beadCreated(bead(1), { title: hostile, description: 'x' }), convoy } as TownEvent,
        beadCreated(bead(2), { title: 'plain', description: 'SECOND' }),
      ]);
      assert.deepEqual(idsOf(store, { convoy }), [bead(1)]);
      for (const text of ['ÜNÏCODE', `"OFF"'; drop`, '50%', 'code_']) {
        assert.deepEqual(idsOf(store, { text }), [bead(1)], text);
      }
      assert.deepEqual(idsOf(store, { text: 'second' }), [bead(2)]);
      assert.deepEqual(idsOf(store, { text: 'GT-00002' }), [bead(2)]);
      assert.deepEqual(idsOf(store, { text: '%' }), [bead(1)]);
      assert.deepEqual(idsOf(store, { text: '' }), [bead(1), bead(2)]);
    });

    it('gives as ready the queued beads whose dependencies are completed, as these come and go', async () => {
      const dependent = beadCreated(bead(2), { dependencies: [bead(1), bead(1)] });
      await store.append(1, [dependent, beadMoved(bead(2), 'queued'), beadCreated(bead(3), {}, 5)]);
      assert.deepEqual(idsOf(store, { ready: true }), []);
      await store.append(2, [beadCreated(bead(1)), beadMoved(bead(1), 'queued')]);
      assert.deepEqual(idsOf(store, { ready: true }), [bead(1)]);
      await store.append(3, [beadMoved(bead(1), 'completed'), beadMoved(bead(3), 'queued')]);
      assert.deepEqual(idsOf(store, { ready: true }), [bead(2), bead(3)]);
      await store.append(4, [beadMoved(bead(1), 'queued')]);
      assert.deepEqual(idsOf(store, { ready: true }), [bead(1), bead(3)]);
      await store.append(5, [{ type: 'bead.edited', bead: bead(2), changes: { dependencies: [] }, at: 1 }]);
      assert.deepEqual(idsOf(store, { ready: true }), [1, 2, 3].map(bead));
    });

    it('keeps what leaves the state in the archive, newest first, with all that belonged to it', async () => {
      const leaves = (one: number): TownEvent[] => [
        beadCreated(bead(one), { title: `Number ${String(one)}`, description: one === 2 ? 'ÜBER' : '' }),
        beadMoved(bead(one), 'completed', one),
        {
          type: 'bead.archived',
          bead: bead(one),
          polecats: [],
          requests: [],
          asks: ['ak-00001' as AskId],
          at: one,
        },
      ];
      const asked: TownEvent = {
        type: 'ask.raised',
        ask: 'ak-00001' as AskId,
        bead: bead(1),
        subject: { kind: 'stuck', polecat: 'nux-1' as PolecatId, reason: reason('stuck', {}) },
        deadline: 1,
        at: 1,
      };
      await store.append(1, [asked, ...leaves(1)]);
      await Promise.all([
        store.append(2, [...leaves(2), ...leaves(3)]),
        store.append(3, [beadCreated(bead(4))]),
      ]);
      assert.equal(store.read.bead(bead(1)), null);
      assert.deepEqual(idsOf(store, {}), [bead(4)]);
      for (const one of [store, await subject.reopen()]) {
        const ids = async (filter: ArchiveFilter): Promise<readonly string[]> =>
          (await one.archive.beads(filter)).map(({ id }) => id);
        assert.deepEqual(await ids({}), [3, 2, 1].map(bead));
        assert.deepEqual(await ids({ limit: 1, offset: 1 }), [bead(2)]);
        assert.deepEqual(await ids({ text: 'über' }), [bead(2)]);
        assert.deepEqual(await ids({ text: 'nowhere' }), []);
        const found = await one.archive.bead(bead(1));
        assert.equal(found?.bead.status, 'completed');
        assert.deepEqual(
          found.asks.map(({ id }) => id),
          ['ak-00001'],
        );
        assert.equal(await one.archive.bead(bead(4)), null);
        assert.deepEqual(Object.keys(one.initial.asks), []);
      }
    });

    it('keeps the feed across openings and gives its newest lines, oldest of them first', async () => {
      for (const at of [1, 2, 3]) store.feed(noticeAt(at));
      assert.deepEqual(await store.recentFeed(2), [noticeAt(2), noticeAt(3)]);
      const reopened = await subject.reopen();
      reopened.feed(noticeAt(4));
      assert.deepEqual(await reopened.recentFeed(9), [1, 2, 3, 4].map(noticeAt));
      assert.deepEqual(await reopened.recentFeed(0), []);
    });

    it('tells nobody that it ended, when it is closed in good order', async () => {
      let told = false;
      void store.ended.then(() => {
        told = true;
      });
      await store.append(1, [beadCreated(bead(1))]);
      await store.close();
      await settled();
      assert.ok(!told);
    });

    it('adds nothing to the feed after it was closed', async () => {
      store.feed(noticeAt(1));
      await store.close();
      store.feed(noticeAt(2));
      assert.deepEqual(await (await subject.reopen()).recentFeed(9), [noticeAt(1)]);
    });

    it('refuses to append after it was closed, and closes twice as well as once', async () => {
      await store.close();
      await store.close();
      await assert.rejects(store.append(1, []), { name: 'StoreError' });
    });
  });
}

/** Every question has the same answer as in the fake, which filters the state in a dozen lines. */
function sameAnswers(store: Store, events: readonly TownEvent[]): void {
  const model = new MemoryStore({ journal: [{ at: 0, events }], feed: [] });
  const filters: readonly BeadFilter[] = [
    {},
    { ready: true },
    { statuses: ['queued', 'deferred'] },
    { statuses: endedStatuses },
    { convoy: 'cv-00001', limit: 1 },
  ];
  for (const filter of filters) assert.deepEqual(store.read.beads(filter), model.read.beads(filter));
  assert.deepEqual(store.read.countByStatus(), model.read.countByStatus());
}

function idsOf(store: Store, filter: BeadFilter): readonly string[] {
  return store.read.beads(filter).map(({ id }) => id);
}

export function noticeAt(at: number): Notice {
  return {
    at,
    level: 'info',
    what: 'check.started',
    facts: { name: `line\n${String(at)}` },
    why: null,
    kind: 'check',
    bead: beadIdOf(at),
    polecat: null,
    request: null,
  };
}
