/**
 * Puts what published packages changed from version to version through the real merge queue: `npm run bench --
 * --histories`. Fetches them from their registries, and says what it cannot. Exits non-zero when the queue was wrong.
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RegistryUnreachable } from '../integration/way/publishedPackage.ts';
import { History, type Planting, type WantedHistory } from './mergeQueue/history.ts';
import { registries } from './mergeQueue/registries.ts';
import { tryOut } from './mergeQueue/trial.ts';

const tape = { registry: 'npm', needs: ['tape@5.7.5'], tested: true } as const;
const parsed = { registry: 'npm', needs: [], tested: false } as const;
const packages: readonly WantedHistory[] = [
  { name: 'shell-quote', versions: 24, ...tape },
  { name: 'minimist', versions: 24, ...tape },
  { name: 'object-inspect', versions: 24, ...tape },
  { name: 'deep-equal', versions: 20, ...tape },
  { name: 'ms', versions: 20, ...parsed },
  { name: 'debug', versions: 24, ...parsed },
  { name: 'github.com/bits-and-blooms/bitset', versions: 23, registry: 'go', needs: [], tested: true },
  {
    name: 'idna',
    versions: 24,
    registry: 'pypi',
    needs: ['flit-core==3.12.0', 'setuptools==80.9.0'],
    tested: true,
  },
  { name: 'strsim', versions: 24, registry: 'crates', needs: [], tested: true },
];
const plantings: readonly Planting[] = [
  { seed: 1, branches: 20, percent: 5 },
  { seed: 2, branches: 20, percent: 25 },
];

const columns = ['package', 'check', 'broken', 'branches', 'landed', 'failed', 'conflict', 'runs', 'min'];

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => String(cell)[index === 0 ? 'padEnd' : 'padStart'](index === 0 ? 16 : 9))
    .join(' ');
}

async function play(history: History, name: string, planting: Planting): Promise<readonly string[]> {
  const branches = await history.branchOff(planting);
  const tested = history.definition();
  const isGreen = await history.passes('main', tested);
  const definition = isGreen ? tested : history.definition(false);
  if (!isGreen) console.log(`${name}: its own tests fail where the branches begin; its files are parsed.`);
  const { queue, serial, broken, mended, mistakes } = await tryOut(history, branches, definition);
  const count = (fate: string): number => Object.values(queue.fates).filter((found) => found === fate).length;
  const runs = `${String(queue.runs)}/${String(serial.runs)}`;
  const minutes = `${(queue.ms / 60_000).toFixed(2)}/${(serial.ms / 60_000).toFixed(2)}`;
  const fates = [count('landed'), count('failed'), count('conflict')];
  console.log(row([name, definition.name, broken, branches.length, ...fates, runs, minutes]));
  for (const one of mended) console.log(`  ${one} is red alone, and landed with what mends it`);
  for (const mistake of mistakes) console.log(`  ${mistake}`);
  return mistakes;
}

async function playAll(wanted: WantedHistory): Promise<number> {
  const name = path.posix.basename(wanted.name);
  const place = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs-history-')));
  try {
    const history = await History.fetch(wanted, place);
    let mistakes = 0;
    for (const planting of plantings) {
      const copy = await history.copy(`planting-${String(planting.seed)}`);
      mistakes += (await play(copy, name, planting)).length;
    }
    return mistakes;
  } catch (error) {
    if (!(error instanceof RegistryUnreachable)) throw error;
    console.log(`SKIPPED: ${name} of ${registries[wanted.registry].name} (${error.message}).`);
    return 0;
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** How many mistakes were made; runs and minutes are printed as the queue's against those of plain serial merging. */
export async function histories(only = ''): Promise<number> {
  console.log(row(columns));
  let mistakes = 0;
  for (const wanted of packages)
    if (path.posix.basename(wanted.name).startsWith(only)) mistakes += await playAll(wanted);
  console.log(`${String(mistakes)} mistakes`);
  return mistakes;
}

if (import.meta.main) process.exitCode = (await histories(process.argv[2])) === 0 ? 0 : 1;
