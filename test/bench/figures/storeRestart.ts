import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beadIdOf, beadMoved } from '../../fakes/events.ts';
import { type Measurement, figure } from '../figure.ts';
import { type LargeRig, largeRig, sharedRig } from '../largeRig.ts';
import { inTurns, median } from '../ratio.ts';

const run = promisify(execFile);

/** Opens the rig in a process of its own, as a restart does: nothing is compiled or warm. */
async function opened({ commonDir }: LargeRig): Promise<{ readonly ms: number; readonly mib: number }> {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, '../openTime.ts'), commonDir]);
  return JSON.parse(stdout) as { readonly ms: number; readonly mib: number };
}

/** The same rig with that many transactions behind its snapshot. */
async function withJournal(beads: number, entries: number): Promise<LargeRig> {
  const rig = await largeRig(beads);
  const limits = { snapshotEvery: Infinity, idleTransactions: Infinity };
  const store = await rig.open({ limits });
  const appended = Array.from({ length: entries }, (_, turn) =>
    store.append(turn, [
      beadMoved(beadIdOf((turn * 7) % beads), turn % 2 === 0 ? 'deferred' : 'queued', turn),
    ]),
  );
  await Promise.all(appended);
  // Never closed: a store takes a snapshot at its end, and what is measured is one that did not come to it.
  return rig;
}

async function restart(beads: number, entries: number): Promise<Measurement> {
  const [plain, grown] = [await sharedRig(beads), await withJournal(beads, entries)];
  const { subjectMs, baselineMs, runs } = await inTurns({
    subject: async () => (await opened(grown)).ms,
    baseline: async () => (await opened(plain)).ms,
    warmUp: 1,
    rounds: 5,
  });
  return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
}

figure({
  name: 'store.restart.10k',
  unit: 'x',
  target: 3,
  against: 'cold open without a journal, ms of processor time',
  measure: () => restart(10_000, 10_000),
});

figure({
  name: 'store.rss.10k',
  unit: 'MiB',
  target: null,
  against: 'memory that opening a rig of 10,000 beads adds',
  measure: async () => {
    const rig = await sharedRig(10_000);
    const found: number[] = [];
    for (let round = 0; round < 3; round += 1) found.push((await opened(rig)).mib);
    return { value: median(found), baseline: null, runs: found.length };
  },
});
