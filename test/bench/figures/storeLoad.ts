import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BeadStatus } from '../../../src/town/bead.ts';
import { beadCreated, beadIdOf, beadMoved } from '../../fakes/events.ts';
import { figure } from '../figure.ts';
import { convoyOf, emptyRepository } from '../largeRig.ts';
import { median, timed } from '../ratio.ts';

const mebibyte = 1024 * 1024;

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / mebibyte;
}

figure({
  name: 'store.load.10k',
  unit: 's',
  target: 5,
  against: '10,000 beads with dependencies made durable as one convoy',
  measure: async () => {
    const seconds: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const rig = emptyRepository();
      const events = convoyOf(10_000);
      const store = await rig.open();
      seconds.push((await timed(() => store.append(0, events))) / 1_000);
      await store.close();
    }
    return { value: median(seconds), baseline: null, runs: seconds.length };
  },
});

/** What a bead goes through on its way to the target, a transaction each. */
const life: readonly BeadStatus[] = [
  'queued',
  'assigned',
  'in_progress',
  'reviewing',
  'merging',
  'completed',
];

figure({
  name: 'store.disk.1k',
  unit: 'MiB',
  target: 5,
  against: 'journal, snapshots and feed after 1,000 beads have landed',
  measure: async () => {
    const store = await emptyRepository().open();
    for (let number = 0; number < 1_000; number += 1) {
      const bead = beadIdOf(number);
      const dependencies = number === 0 ? [] : [beadIdOf(number - 1)];
      await store.append(number, [beadCreated(bead, { dependencies }, number)]);
      for (const to of life) await store.append(number, [beadMoved(bead, to, number)]);
    }
    await store.close();
    return { value: await sizeOf(store.folder), baseline: null, runs: 1 };
  },
});
