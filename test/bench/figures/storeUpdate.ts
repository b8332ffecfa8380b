import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/open.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { TownEvent } from '../../../src/town/state.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { type Measurement, figure } from '../figure.ts';
import { interleaved } from '../ratio.ts';

/** One durable update of one bead among `beads`, against writing and syncing the same bytes and nothing else. */
async function measure(beads: number): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const commonDir = join(folder, 'git');
  mkdirSync(commonDir);
  const fd = openSync(join(folder, 'raw'), 'a');
  const store = await openStore({
    commonDir,
    storageRoot: folder,
    clock: systemClock,
    // A snapshot is a cost of its own with a figure of its own.
    limits: { snapshotEvery: Infinity },
  });
  try {
    const all = Array.from({ length: beads }, (_, index) => beadCreated(beadIdOf(index)));
    await store.append(0, all);
    let turn = 0;
    const update = (): readonly TownEvent[] => {
      const to = Math.floor(turn / beads) % 2 === 0 ? 'queued' : 'assigned';
      return [beadMoved(beadIdOf((turn * 7) % beads), to)];
    };
    const sameBytes = Buffer.from(seal({ seq: beads, at: beads, events: update() }));
    const { subjectMs, baselineMs, runs } = await interleaved({
      subject: () => {
        turn += 1;
        return store.append(turn, update());
      },
      baseline: () => {
        writeSync(fd, sameBytes);
        fdatasyncSync(fd);
      },
      warmUp: 2_000,
      rounds: 4_000,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await store.close();
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

figure({
  name: 'store.update.1k',
  unit: 'x',
  target: 2.0,
  against: 'append + fdatasync of the same bytes, ms',
  measure: () => measure(1_000),
});
