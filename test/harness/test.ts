/**
 * `npm test`: builds, runs every suite, and ends with `N passed, N failed`.
 * `--quick` is unit + integration; `--only host,e2e` names suites; `--grep words` picks tests.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Tally } from './mochaRun.ts';
import { startGroup } from './processes.ts';
import { runSuite, suites } from './suites.ts';
import type { Suite } from './suites.ts';
import { Lacking, root, say } from './toolchain.mjs';

type Choice = { readonly chosen: readonly Suite[]; readonly grep: string | undefined };

function readArguments(): Choice {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
    },
  });
  const names = values.only.flatMap((list) => list.split(','));
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new Lacking(
      `There is no suite "${unknown}". There are: ${suites.map(({ name }) => name).join(', ')}.`,
    );
  }
  const isChosen = ({ name, quick }: Suite): boolean =>
    names.length > 0 ? names.includes(name) : quick || !values.quick;
  return { chosen: suites.filter(isChosen), grep: values.grep };
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

function report({ name, budgetMinutes }: Suite, { passed, failed, skipped }: Tally, seconds: number): void {
  const late = seconds > budgetMinutes * 60 ? `, over its budget of ${String(budgetMinutes)} min` : '';
  const counts = `${String(passed)} passed, ${String(failed)} failed`;
  say(
    `${name}: ${counts}${skipped > 0 ? `, ${String(skipped)} skipped` : ''} (${seconds.toFixed(1)} s${late})`,
  );
}

/** Installs what one suite needs, and runs it against the clock. */
async function runOne(suite: Suite, folder: string, grep: string | undefined): Promise<Tally> {
  title(suite.name);
  let tally: Tally = { passed: 0, failed: 1, skipped: 0 };
  let started = performance.now();
  try {
    await suite.prepare?.();
    started = performance.now();
    tally = await runSuite(suite, { folder, tallyFile: join(folder, `${suite.name}.json`), grep });
  } catch (error) {
    say(`✘ ${suite.name} could not run. ${error instanceof Lacking ? error.message : String(error)}`);
  }
  report(suite, tally, (performance.now() - started) / 1000);
  return tally;
}

/** Runs the suites one after another: on two cores an editor and a lint side by side only make each other late. */
async function runAll({ chosen, grep }: Choice): Promise<Tally> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  if (!(await built())) {
    say('✘ It does not build, so nothing was tested.');
    return { ...total, failed: 1 };
  }
  const folder = await mkdtemp(join(tmpdir(), 'rt-')); // short: sockets below it may have 107 bytes
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const suite of chosen) {
    const tally = await runOne(suite, folder, grep);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
  }
  return total;
}

try {
  const { passed, failed } = await runAll(readArguments());
  say(`\n${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof Lacking)) throw error;
  say(error.message);
  process.exitCode = 1;
}
