import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/open.ts';
import { seal } from '../../../src/store/sealedLine.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { TownEvent } from '../../../src/town/state.ts';
import { eventsVersion } from '../../../src/town/upcast.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { type Measurement, figure } from '../figure.ts';
import { interleaved } from '../ratio.ts';

interface Rig {
  /** Makes one bead's change durable. */
  readonly update: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** A rig of so many beads; a snapshot is a cost of its own with a figure of its own. */
async function rigOf(folder: string, beads: number): Promise<Rig> {
  const commonDir = join(folder, `git-${String(beads)}`);
  mkdirSync(commonDir);
  const store = await openStore({
    commonDir,
    storageRoot: folder,
    clock: systemClock,
    limits: { snapshotEvery: Infinity, idleTransactions: Infinity },
  });
  await store.append(
    0,
    Array.from({ length: beads }, (_, index) => beadCreated(beadIdOf(index))),
  );
  let turn = 0;
  return {
    update: () => {
      turn += 1;
      return store.append(turn, change(turn, beads));
    },
    close: () => store.close(),
  };
}

function change(turn: number, beads: number): readonly TownEvent[] {
  const to = Math.floor(turn / beads) % 2 === 0 ? 'queued' : 'assigned';
  return [beadMoved(beadIdOf((turn * 7) % beads), to)];
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One durable update of one bead among `beads`, against writing and syncing the same bytes and nothing else. */
function measure(beads: number): Promise<Measurement> {
  return inFolder(async (folder) => {
    const fd = openSync(join(folder, 'raw'), 'a');
    const rig = await rigOf(folder, beads);
    const sameBytes = Buffer.from(
      seal({ seq: beads, at: beads, v: eventsVersion, events: change(1, beads) }),
    );
    const { subjectMs, baselineMs, runs } = await interleaved({
      subject: rig.update,
      baseline: () => {
        writeSync(fd, sameBytes);
        fdatasyncSync(fd);
      },
      warmUp: 2_000,
      rounds: 4_000,
    });
    await rig.close();
    closeSync(fd);
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  });
}

function growth(): Promise<Measurement> {
  return inFolder(async (folder) => {
    const [large, small] = [await rigOf(folder, 100_000), await rigOf(folder, 1_000)];
    const { subjectMs, baselineMs, runs } = await interleaved({
      subject: large.update,
      baseline: small.update,
      warmUp: 2_000,
      rounds: 4_000,
    });
    await large.close();
    await small.close();
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  });
}

for (const [name, beads] of [
  ['store.update.1k', 1_000],
  ['store.update.100k', 100_000],
] as const) {
  figure({
    name,
    unit: 'x',
    target: 2.0,
    against: 'append + fdatasync of the same bytes, ms',
    measure: () => measure(beads),
  });
}

figure({
  name: 'store.update.growth',
  unit: 'x',
  target: 1.2,
  against: 'an update among 1,000 beads, ms; measured: among 100,000',
  measure: growth,
});
