import { EventEmitter, once } from 'node:events';
import { closeSync, fsyncSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type MakeSnapshot, makeOffThread } from '../../../src/store/offThread.ts';
import { openSqliteTables } from '../../../src/store/projection.ts';
import { beadIdOf, beadMoved } from '../../fakes/events.ts';
import { type Measurement, figure } from '../figure.ts';
import { sharedRig } from '../largeRig.ts';
import { inTurns, timed } from '../ratio.ts';

/** How often the subject is measured: what else the machine does stalls a thread too. */
const rounds = 3;
const every = 40;

/** The longest time in ms for which this thread did nothing else while the work went on. */
async function longestStall(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let going = true;
  const look = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (going) setImmediate(look);
  };
  look();
  await work();
  going = false;
  return longest;
}

async function measure(beads: number): Promise<Measurement> {
  const rig = await sharedRig(beads);
  let turn = 0;
  const made = new EventEmitter();
  const elsewhere: MakeSnapshot = async (order) => {
    await makeOffThread(order);
    made.emit('one');
  };
  const limits = { snapshotEvery: every, threadFrom: 0 };
  const store = await rig.open({ limits, elsewhere });
  const newest = (): string =>
    readdirSync(store.folder).findLast((name) => name.endsWith('.sqlite')) ?? 'there is none';
  const tables = await openSqliteTables(readFileSync(join(store.folder, newest())));
  const update = async (): Promise<void> => {
    turn += 1;
    await store.append(turn, [
      beadMoved(beadIdOf((turn * 7) % beads), turn % 2 === 0 ? 'queued' : 'deferred'),
    ]);
  };
  const { subjectMs, baselineMs, runs } = await inTurns({
    subject: async () => {
      for (let one = 1; one < every; one += 1) await update();
      const stall = await longestStall(async () => {
        const done = once(made, 'one');
        await update();
        await done;
      });
      // The store learns of it in the next turn, and only then counts towards the one after.
      await new Promise(setImmediate);
      return stall;
    },
    baseline: () =>
      timed(() => {
        const fd = openSync(join(rig.commonDir, 'inline'), 'w');
        writeSync(fd, tables.export(1));
        fsyncSync(fd);
        closeSync(fd);
      }),
    warmUp: 0,
    rounds,
  });
  tables.close();
  await store.close();
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

figure({
  name: 'store.snapshot.stall.100k',
  unit: 'x',
  target: 0.1,
  against: 'export + write + fsync in place, ms',
  measure: () => measure(100_000),
});
