/**
 * Puts what published packages changed from version to version through the real merge queue: `npm run bench --
 * --histories`. Fetches them from the registry, and says what it cannot. Exits non-zero when the queue was wrong.
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RegistryUnreachable } from '../integration/way/publishedPackage.ts';
import { History, type WantedHistory } from './mergeQueue/history.ts';
import { tryOut } from './mergeQueue/trial.ts';

const tape = 'tape@5.7.5';
const packages: readonly WantedHistory[] = [
  { name: 'shell-quote', versions: 24, testedWith: tape },
  { name: 'minimist', versions: 24, testedWith: tape },
  { name: 'object-inspect', versions: 24, testedWith: tape },
  { name: 'deep-equal', versions: 20, testedWith: tape },
  { name: 'ms', versions: 20, testedWith: null },
  { name: 'debug', versions: 24, testedWith: null },
];
/** Other registries need other tools to unpack and to prove with. */
const skipped = ['Go modules', 'crates', 'PyPI'];
const plantings = [
  { seed: 1, branches: 20, percent: 5 },
  { seed: 2, branches: 20, percent: 25 },
] as const;

const columns = ['package', 'check', 'broken', 'branches', 'landed', 'failed', 'conflict', 'runs', 'min'];

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) => String(cell)[index === 0 ? 'padEnd' : 'padStart'](index === 0 ? 16 : 9))
    .join(' ');
}

async function one(wanted: WantedHistory, planting: (typeof plantings)[number]): Promise<readonly string[]> {
  const place = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs-history-')));
  try {
    const history = await History.fetch(wanted, place);
    const branches = await history.branchOff(planting);
    const tested = history.definition();
    const isGreen = await history.passes('main', tested);
    const definition = isGreen ? tested : history.definition(false);
    if (!isGreen)
      console.log(`${wanted.name}: its own tests fail where the branches begin; its files are parsed.`);
    const { queue, serial, broken, mistakes } = await tryOut(history, branches, definition);
    const count = (fate: string): number =>
      Object.values(queue.fates).filter((found) => found === fate).length;
    const runs = `${String(queue.runs)}/${String(serial.runs)}`;
    const minutes = `${(queue.ms / 60_000).toFixed(2)}/${(serial.ms / 60_000).toFixed(2)}`;
    const fates = [count('landed'), count('failed'), count('conflict')];
    console.log(row([wanted.name, definition.name, broken, branches.length, ...fates, runs, minutes]));
    for (const mistake of mistakes) console.log(`  ${mistake}`);
    return mistakes;
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** How many mistakes were made; runs and minutes are printed as the queue's against those of plain serial merging. */
export async function histories(only = ''): Promise<number> {
  for (const name of skipped) console.log(`SKIPPED: histories from ${name}.`);
  console.log(row(columns));
  let mistakes = 0;
  for (const wanted of packages.filter(({ name }) => name.startsWith(only)))
    for (const planting of plantings)
      try {
        mistakes += (await one(wanted, planting)).length;
      } catch (error) {
        if (!(error instanceof RegistryUnreachable)) throw error;
        console.log(`SKIPPED: ${wanted.name} (${error.message}).`);
      }
  console.log(`${String(mistakes)} mistakes`);
  return mistakes;
}

if (import.meta.main) process.exitCode = (await histories(process.argv[2])) === 0 ? 0 : 1;
