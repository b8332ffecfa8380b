import { strict as assert } from 'node:assert';
import { OneAtATime } from '../../../src/foreman/oneAtATime.ts';
import type { Seat } from '../../../src/town/polecat.ts';
import { settled } from '../../fakes/manualClock.ts';
import { World } from './world.ts';

describe('One at a time', () => {
  const ends: ((error?: Error) => void)[] = [];
  let begun: number;
  let looks: OneAtATime;

  beforeEach(() => {
    ends.length = 0;
    begun = 0;
    looks = new OneAtATime(() => {
      begun += 1;
      return new Promise((resolve, reject) => {
        ends.push((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    });
  });

  it('lets all who ask meanwhile share the one after, which begins when the first is over', async () => {
    const done: string[] = [];
    void looks.again().then(() => done.push('first'));
    await settled();
    void looks.again().then(() => done.push('second'));
    void looks.again().then(() => done.push('third'));
    await settled();
    assert.equal(begun, 1);
    ends[0]?.();
    await settled();
    assert.deepEqual([begun, done], [2, ['first']]);
    ends[1]?.();
    await settled();
    assert.deepEqual([begun, done], [2, ['first', 'second', 'third']]);
  });

  it('goes on after one that failed, of which only those hear who asked for it', async () => {
    const first = looks.again();
    await settled();
    const second = looks.again();
    const failed = assert.rejects(first, /No/);
    ends[0]?.(new Error('No.'));
    await failed;
    await settled();
    ends[1]?.();
    await second;
    assert.equal(begun, 2);
  });
});

describe('A foreman that looks around', () => {
  it('keeps what the newest look found, though an older one is slower', async () => {
    const slow: (() => void)[] = [];
    const seat = (model: string): Seat => ({ runner: 'worker', provider: 'p', tank: 'p', model });
    let seats = (): Promise<readonly Seat[]> => Promise.resolve([]);
    const world = await World.ready({ seats: () => seats() });
    seats = async () => {
      seats = () => Promise.resolve([seat('new')]);
      await new Promise<void>((resolve) => slow.push(resolve));
      return [seat('old')];
    };
    const older = world.foreman.refresh();
    await settled();
    const newer = world.foreman.refresh();
    for (let turn = 0; turn < 20; turn += 1) await settled();
    for (const go of slow) go();
    await Promise.all([older, newer]);
    assert.deepEqual(
      world.foreman.facts.seats.map(({ model }) => model),
      ['new'],
    );
    await world.foreman.close();
  });
});
