/**
 * A process that opens a rig as its owner and does as it is told on its standard input, one word a line:
 * `node claimer.ts COMMON_DIR STORAGE_ROOT PLACE`. `open` answers with the epoch or the reason why not; `append` with
 * the number or the reason. PLACE names the pid namespace it believes to be in; its counter of seconds runs 1,000
 * times as fast as the clock, so that a minute of silence is one of milliseconds.
 */
import { createInterface } from 'node:readline';
import type { Host } from '../../../src/ports/host.ts';
import { type Store, StoreError } from '../../../src/ports/store.ts';
import { openStore } from '../../../src/store/open.ts';
import { OwnerWatch } from '../../../src/store/ownerWatch.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { realHost, visibility } from '../../../src/system/realHost.ts';
import { beadCreated, beadIdOf } from '../../fakes/events.ts';

const [commonDir = '', storageRoot = '', pidSpace = ''] = process.argv.slice(2);

const host: Host = {
  me: async () => ({ ...(await realHost.me()), pidSpace }),
  isAlive: async (other) => {
    const me = await host.me();
    const seen = visibility(other, me);
    return seen === 'here' ? realHost.isAlive({ ...other, pidSpace: (await realHost.me()).pidSpace }) : seen;
  },
  monotonic: () => performance.now() * 1_000,
};
const watch = new OwnerWatch({ commonDir, host });
let store: Store | null = null;

const deeds: Readonly<Record<string, () => Promise<string | number>>> = {
  open: async () => {
    store = await openStore({ commonDir, storageRoot, clock: systemClock, host, watch });
    return store.epoch;
  },
  close: async () => {
    await store?.close();
    return 'closed';
  },
  look: async () => (await watch.look()).kind,
  append: async () => {
    if (store === null) return 'no store';
    const next = store.read.seq() + 1;
    return store.append(next, [beadCreated(beadIdOf(next))]);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  try {
    process.stdout.write(`${String(await (deeds[line] ?? deeds['look'])?.())}\n`);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    process.stdout.write(`${error.reason}\n`);
  }
}
