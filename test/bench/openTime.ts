/** Prints the ms of processor time a store takes to open in this fresh process, and the MiB it then holds: `openTime.ts <repository>`. */
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';

const [commonDir = ''] = process.argv.slice(2);
const before = process.memoryUsage.rss();
const start = process.cpuUsage();
const store = await openStore({ commonDir, storageRoot: commonDir, clock: systemClock, mode: 'reader' });
const { user, system } = process.cpuUsage(start);
const ms = (user + system) / 1_000;
if (Object.keys(store.initial.beads).length === 0) throw new Error('there is nothing in it');
const mib = (process.memoryUsage.rss() - before) / 1024 / 1024;
process.stdout.write(JSON.stringify({ ms, mib }), () => process.exit(0));
