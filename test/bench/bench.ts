/**
 * Runs the figures: `npm run bench`, with `--only PREFIX` for some, `--json` for one line a figure. Exits non-zero
 * when one misses its target or could not be measured, and when nothing was measured at all. What needs a registry is no
 * figure: `--peers` lands the same branches with other queues, `--histories` lands what published packages changed.
 */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figure, type Measurement, figures } from './figure.ts';

interface Result {
  readonly figure: Figure;
  readonly measured: Measurement | null;
  readonly problem: string | null;
  readonly ok: boolean;
}

export async function run(one: Figure): Promise<Result> {
  try {
    const measured = await one.measure();
    const problem = notAMeasurement(measured);
    const within = one.target === null || measured.value <= one.target;
    return { figure: one, measured, problem, ok: problem === null && within };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { figure: one, measured: null, problem, ok: false };
  }
}

/** Nothing passes without measuring. */
function notAMeasurement({ value, baseline, runs }: Measurement): string | null {
  if (!Number.isFinite(value) || value <= 0) return `${String(value)} is no value`;
  if (baseline !== null && !(Number.isFinite(baseline) && baseline > 0)) return 'there is no baseline';
  return runs >= 1 ? null : 'it was never run';
}

export function asJson({ figure: { name, unit, target }, measured, ok }: Result): string {
  const { value = null, baseline = null, runs = 0 } = measured ?? {};
  return JSON.stringify({ name, unit, value, target, ok, baseline, runs });
}

const widths = [24, 10, 10, 6, 8] as const;

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index] ?? 0)))
    .join('  ');
}

function asRow({ figure: { name, unit, target, against }, measured, problem, ok }: Result): string {
  if (measured === null || problem !== null) return row([name, '✘', '', '', '', problem ?? '']);
  const baseline = measured.baseline === null ? against : `${against}: ${short(measured.baseline)}`;
  const value = `${short(measured.value)} ${unit}`;
  const wanted = target === null ? '–' : `≤ ${short(target)} ${unit}`;
  return row([name, value, wanted, ok ? '✔' : '✘', String(measured.runs), ` ${baseline}`]);
}

function short(value: number): string {
  return value.toPrecision(3);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      peers: { type: 'boolean', default: false },
      histories: { type: 'boolean', default: false },
    },
  });
  if (values.peers) {
    const { comparePeers } = await import('./peers.ts');
    await comparePeers(values.only);
    return 0;
  }
  if (values.histories) {
    const { histories } = await import('./histories.ts');
    return (await histories(values.only)) === 0 ? 0 : 1;
  }
  for await (const file of glob('figures/*.ts', { cwd: import.meta.dirname })) {
    await import(pathToFileURL(join(import.meta.dirname, file)).href);
  }
  const chosen = figures()
    .filter(({ name }) => name.startsWith(values.only))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (chosen.length === 0) {
    console.error(`No figure begins with ${values.only}.`);
    return 1;
  }
  if (!values.json) console.log(row(['figure', 'measured', 'target', 'ok', 'runs', ' against']));
  let failed = 0;
  for (const one of chosen) {
    const result = await run(one);
    if (!result.ok) failed += 1;
    console.log(values.json ? asJson(result) : asRow(result));
    if (values.json && result.problem !== null) console.error(`${one.name}: ${result.problem}`);
  }
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
