/**
 * `npm test`: builds, runs every suite, and ends with `N passed, N failed`, after a list of all that failed.
 * `--quick` is unit + integration; `--only host,e2e` names suites; `--grep words` picks tests; `--slowest` names the
 * files that took longest.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { counted, emptyTally, failure, withFailure } from './outcome.ts';
import type { Tally } from './outcome.ts';
import { startGroup } from './processes.ts';
import { checks, runSuite, suites } from './suites.ts';
import type { Checks, Suite } from './suites.ts';
import { slowest, summary } from './summary.ts';
import type { Ran } from './summary.ts';
import { Lacking, root, say } from './toolchain.mjs';

type Choice = {
  readonly chosen: readonly Suite[];
  readonly checked: boolean;
  readonly grep: string | undefined;
  readonly slowest: boolean;
};

function readArguments(): Choice {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      slowest: { type: 'boolean', default: false },
    },
  });
  const names = values.only.flatMap((list) => list.split(','));
  const known = [checks, ...suites].map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Lacking(`There is no suite "${unknown}". There are: ${known.join(', ')}.`);
  const isChosen = ({ name, quick }: Checks): boolean =>
    names.length > 0 ? names.includes(name) : quick || !values.quick;
  return {
    chosen: suites.filter(isChosen),
    checked: isChosen(checks),
    grep: values.grep,
    slowest: values.slowest,
  };
}

function title(text: string): void {
  say(`\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))}`);
}

async function script(path: string): Promise<boolean> {
  return (await startGroup(process.execPath, [join(root, path)], { cwd: root }).ended) === 0;
}

/** What the suites look at: the bundles and the VSIX. */
async function built(): Promise<boolean> {
  title('build and package');
  return (await script('esbuild.config.mjs')) && (await script('test/harness/package.ts'));
}

function report({ name, budgetMinutes }: Checks, { outcomes }: Tally, seconds: number): void {
  const late = seconds > budgetMinutes * 60 ? `, over its budget of ${String(budgetMinutes)} min` : '';
  say(`${name}: ${counted(outcomes)} (${seconds.toFixed(1)} s${late})`);
}

/**
 * Installs what each suite needs, one after another because they need the same, while the suites before it run:
 * a download waits for a network more than for a core.
 */
function prepared(chosen: readonly Suite[]): ReadonlyMap<Suite, Promise<unknown>> {
  const map = new Map<Suite, Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();
  for (const suite of chosen) {
    const own = last.then(() => suite.prepare?.());
    last = own.catch(() => undefined); // its suite hears of it
    map.set(suite, own);
  }
  return map;
}

/** Told when all is done, because other suites print meanwhile. */
async function runChecks(): Promise<Ran> {
  const started = performance.now();
  const lines: string[] = [];
  const tally = await check((line) => lines.push(line));
  title(checks.name);
  say(lines.join('\n'));
  report(checks, tally, (performance.now() - started) / 1000);
  return { suite: checks.name, tally };
}

/** Runs one suite against the clock, once what it needs is there. */
async function runOne(suite: Suite, ready: Promise<unknown>, folder: string, grep?: string): Promise<Tally> {
  title(suite.name);
  let tally = emptyTally;
  let started = performance.now();
  try {
    await ready;
    started = performance.now();
    tally = await runSuite(suite, { folder, tallyFile: join(folder, `${suite.name}.json`), grep });
  } catch (error) {
    const why = error instanceof Lacking ? error.message : String(error);
    say(`✘ ${suite.name} could not run. ${why}`);
    tally = withFailure(tally, failure(`the suite ${suite.name}`, `It could not run. ${why}`));
  }
  report(suite, tally, (performance.now() - started) / 1000);
  return tally;
}

/**
 * Runs the suites one after another, because each has work for both of two cores. Only the checks run beside
 * those that start no editor, and take what these leave.
 */
async function runAll({ chosen, checked, grep }: Choice): Promise<readonly Ran[]> {
  if (!(await built())) {
    const failed = failure('the build', 'It does not build, so nothing was tested.');
    return [{ suite: 'build', tally: withFailure(emptyTally, failed) }];
  }
  const folder = await mkdtemp(join(tmpdir(), 'rt-')); // short: sockets below it may have 107 bytes
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const ran: Ran[] = [];
  const ready = prepared(chosen);
  const besides = checked ? runChecks() : undefined;
  for (const suite of chosen) {
    if (suite.alone === true) await besides;
    const tally = await runOne(suite, ready.get(suite) ?? Promise.resolve(), folder, grep);
    ran.push({ suite: suite.name, tally });
  }
  return besides === undefined ? ran : [await besides, ...ran];
}

try {
  const choice = readArguments();
  const ran = await runAll(choice);
  if (choice.slowest) say(`\n${slowest(ran).join('\n')}`);
  const { lines, ok } = summary(ran);
  say(lines.join('\n'));
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  if (!(error instanceof Lacking)) throw error;
  say(error.message);
  process.exitCode = 1;
}
