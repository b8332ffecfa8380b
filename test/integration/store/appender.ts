/**
 * A process that does nothing but append, and says each number on its standard output as soon as it is acknowledged:
 * `node appender.ts COMMON_DIR STORAGE_ROOT`. It is there to be killed.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/store/open.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';

const [commonDir = '', storageRoot = ''] = process.argv.slice(2);
const store = await openStore({
  commonDir,
  storageRoot,
  clock: systemClock,
  // So often that many kills fall into a snapshot.
  limits: { snapshotEvery: 40 },
});

/** Two events that belong together: a bead that is there and not queued would be half a transaction. */
async function append(seq: number): Promise<void> {
  const bead = beadIdOf(seq);
  const acknowledged = await store.append(seq, [beadCreated(bead), beadMoved(bead, 'queued')]);
  writeSync(1, `${String(acknowledged)}\n`);
}

for (let seq = store.read.seq() + 1; ;) {
  // Alone and in groups by turns.
  const group = Array.from({ length: (seq % 3) + 1 }, (_, index) => append(seq + index));
  seq += group.length;
  await Promise.all(group);
}
