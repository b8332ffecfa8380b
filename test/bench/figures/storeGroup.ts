import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/open.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';
import { WatchedFiles } from '../../fakes/watchedFiles.ts';
import { type Measurement, figure } from '../figure.ts';

const operations = 10_000;
const writers = 20;

/** Syncs an operation costs when 20 writers each wait for theirs before the next; at no loss for a lone one. */
async function measure(): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'rigs-bench-'));
  const commonDir = join(folder, 'git');
  mkdirSync(commonDir);
  const files = new WatchedFiles();
  const store = await openStore({
    commonDir,
    storageRoot: folder,
    clock: systemClock,
    files,
    limits: { snapshotEvery: Infinity, idleTransactions: Infinity },
  });
  let next = 0;
  const writer = async (): Promise<void> => {
    for (; next < operations;) {
      next += 1;
      await store.append(next, [beadCreated(beadIdOf(next))]);
    }
  };
  try {
    const before = files.syncs;
    await Promise.all(Array.from({ length: writers }, writer));
    if (store.read.seq() < operations) throw new Error(`only ${String(store.read.seq())} were acknowledged`);
    const syncs = files.syncs - before;
    return { value: syncs / operations, baseline: 1, runs: operations };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

figure({
  name: 'store.group.10k',
  unit: 'x',
  target: 1 / 8,
  against: 'a sync for each operation; a lone one is store.update',
  measure,
});
