import assert from 'node:assert/strict';
import { ProofRooms } from '../../../src/foreman/proofRooms.ts';
import { settled } from '../../fakes/manualClock.ts';
import { commitId } from '../town/words.ts';

describe('Rooms for proofs', () => {
  let cleaned: number[];
  const clean = (slot: number): Promise<void> => {
    cleaned.push(slot);
    return Promise.resolve();
  };
  const slotOf = (slot: number): Promise<number> => Promise.resolve(slot);

  beforeEach(() => {
    cleaned = [];
  });

  it('are taken again by who comes next, the one that was used last first', async () => {
    const rooms = new ProofRooms(5);
    for (let n = 1; n <= 4; n += 1) assert.equal(await rooms.use(commitId(n), clean, slotOf), 0);
    assert.deepEqual(cleaned, [0, 0, 0, 0]);
  });

  it('let as many in as there are, and the next one once somebody leaves', async () => {
    const rooms = new ProofRooms(1);
    const inside: string[] = [];
    let leave: () => void = () => undefined;
    const first = rooms.use(commitId(1), clean, async () => {
      inside.push('first');
      await new Promise<void>((resolve) => (leave = resolve));
    });
    const second = rooms.use(commitId(2), clean, () => Promise.resolve(inside.push('second')));
    await settled();
    assert.deepEqual(inside, ['first']);
    leave();
    await Promise.all([first, second]);
    assert.deepEqual(inside, ['first', 'second']);
  });

  it('are cleaned once for what was made ready, and again for what comes after it', async () => {
    const rooms = new ProofRooms(3);
    await rooms.makeReady(commitId(1), 2, clean);
    await rooms.makeReady(commitId(1), 2, clean);
    assert.equal(cleaned.length, 1);
    await rooms.use(commitId(1), clean, slotOf);
    assert.equal(cleaned.length, 1);
    await rooms.use(commitId(1), clean, slotOf);
    assert.equal(cleaned.length, 2, 'something ran in it');
  });

  it('that are being made ready are waited for', async () => {
    const rooms = new ProofRooms(3);
    let isClean: () => void = () => undefined;
    const ready = rooms.makeReady(commitId(1), 2, () => new Promise((resolve) => (isClean = resolve)));
    const used = rooms.use(commitId(1), clean, slotOf);
    await settled();
    isClean();
    await Promise.all([ready, used]);
    assert.deepEqual(cleaned, []);
  });

  it('that are ready are no more than was asked for; what did not come makes way', async () => {
    const rooms = new ProofRooms(5);
    for (let n = 1; n <= 5; n += 1) await rooms.makeReady(commitId(n), 2, clean);
    assert.equal(new Set(cleaned).size, 2);
    cleaned = [];
    await rooms.use(commitId(5), clean, slotOf);
    assert.deepEqual(cleaned, []);
    await rooms.use(commitId(1), clean, slotOf);
    assert.equal(cleaned.length, 1);
  });

  it('that could not be made ready are cleaned by who needs them', async () => {
    const rooms = new ProofRooms(2);
    await assert.rejects(
      rooms.makeReady(commitId(1), 2, () => Promise.reject(new Error('no room'))),
      /no room/,
    );
    await rooms.use(commitId(1), clean, slotOf);
    assert.equal(cleaned.length, 1);
    await rooms.makeReady(commitId(2), 2, clean);
    assert.equal(cleaned.length, 2);
  });
});
