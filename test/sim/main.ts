/** `npm run sim -- --seeds A..B [--trace] [--all] [--threads N]`: see `sim.ts`. */
import { sim } from './sim.ts';

process.exitCode = await sim(process.argv.slice(2));
