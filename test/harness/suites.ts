/** The suites of `npm test`: which there are, what each needs installed, and how long each may take. */
import { readFile } from 'node:fs/promises';
import { ensureAgents } from './agents.ts';
import { check } from './check.ts';
import { hasDisplay } from './display.ts';
import type { Tally } from './mochaRun.ts';
import { runMark, startGroup, sweep } from './processes.ts';
import type { Group } from './processes.ts';
import { testFiles } from './testFiles.ts';
import { ensureChromium, ensureCodeServer, root, say } from './toolchain.mjs';

export type SuiteRun = {
  /** Temporary files of the suite go here and are gone when the run ends, however it ends. */
  readonly folder: string;
  readonly tallyFile: string;
  readonly grep: string | undefined;
};

export type Suite = {
  readonly name: string;
  /** What a quiet machine may spend on it; the bench says when it was more, and ends it at three times as much. */
  readonly budgetMinutes: number;
  readonly quick: boolean;
  /** Installs what it needs beyond Node; not counted against its time. */
  readonly prepare?: () => Promise<unknown>;
  /** Folder with its test files, or undefined for the checks, which are tools and not files. */
  readonly folder?: string;
  /** Script and arguments of the process that runs the files and writes the tally. */
  readonly command?: (run: SuiteRun) => readonly string[];
};

const mochaIn =
  (folder: string, timeoutMs: number) =>
  ({ tallyFile, grep }: SuiteRun): readonly string[] => [
    'test/harness/mochaMain.ts',
    folder,
    tallyFile,
    String(timeoutMs),
    ...(grep === undefined ? [] : [grep]),
  ];

const aWorkbench = async (): Promise<void> => {
  await ensureChromium();
  await ensureCodeServer();
};
const aWorkbenchWithAgents = async (): Promise<void> => {
  await aWorkbench();
  await ensureAgents();
};

export const suites: readonly Suite[] = [
  { name: 'check', budgetMinutes: 2, quick: false },
  { name: 'unit', budgetMinutes: 4, quick: true, folder: 'test/unit', command: mochaIn('test/unit', 5_000) },
  {
    name: 'integration',
    budgetMinutes: 7,
    quick: true,
    folder: 'test/integration',
    prepare: ensureAgents,
    command: mochaIn('test/integration', 30_000),
  },
  { name: 'sim', budgetMinutes: 1, quick: true, folder: 'test/sim', command: mochaIn('test/sim', 60_000) },
  {
    name: 'host',
    budgetMinutes: 2,
    quick: false,
    folder: 'test/host',
    prepare: async () => (hasDisplay ? undefined : aWorkbench()),
    command: ({ tallyFile, grep }) => [
      'test/harness/hostSuite.ts',
      tallyFile,
      ...(grep === undefined ? [] : [grep]),
    ],
  },
  {
    name: 'e2e',
    budgetMinutes: 13,
    quick: false,
    folder: 'test/e2e',
    prepare: aWorkbenchWithAgents,
    command: mochaIn('test/e2e', 120_000),
  },
];

/** Everything this run starts carries it, and nothing that carries it outlives the run. */
const mark = `${String(process.pid)}-${String(Date.now())}`;
process.on('exit', () => {
  sweep(mark);
});

const nothingRan: Tally = { passed: 0, failed: 1, skipped: 0 };

function isTally(value: unknown): value is Tally {
  return typeof value === 'object' && value !== null && 'passed' in value && 'failed' in value;
}

async function readTally(file: string): Promise<Tally | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return isTally(value) ? value : undefined;
}

/** Waits for the suite's process, and ends its whole group when it takes longer than any slow machine would. */
async function endedWithin(group: Group, limitMs: number): Promise<number | 'too long'> {
  let clock: NodeJS.Timeout | undefined;
  const limit = new Promise<'too long'>((resolve) => {
    clock = setTimeout(resolve, limitMs, 'too long');
  });
  const outcome = await Promise.race([group.ended, limit]);
  clearTimeout(clock);
  await group.stop(outcome === 'too long' ? 3000 : 0);
  return outcome;
}

async function runProcess(suite: Suite, command: readonly string[], run: SuiteRun): Promise<Tally> {
  const group = startGroup(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [runMark]: mark, TMPDIR: run.folder },
  });
  const limit = suite.budgetMinutes * 3;
  const outcome = await endedWithin(group, limit * 60_000);
  sweep(mark);
  const tally = await readTally(run.tallyFile);
  if (outcome === 'too long') {
    say(`✘ ${suite.name} did not end within ${String(limit)} minutes; all its processes were ended.`);
    return { ...(tally ?? nothingRan), failed: (tally?.failed ?? 0) + 1 };
  }
  if (tally === undefined) {
    say(`✘ ${suite.name} ended (exit code ${String(outcome)}) without saying what it ran.`);
    return nothingRan;
  }
  if (outcome !== 0 && tally.failed === 0) {
    say(`✘ ${suite.name}: every test passed, and yet its process ended with exit code ${String(outcome)}.`);
    return { ...tally, failed: 1 };
  }
  return tally;
}

/** Runs one suite. A suite that has files and runs none of their tests has failed. */
export async function runSuite(suite: Suite, run: SuiteRun): Promise<Tally> {
  if (suite.folder === undefined || suite.command === undefined) return check();
  if ((await testFiles(suite.folder)).length === 0) {
    say(`  skipped: no test files in ${suite.folder} yet`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
  const tally = await runProcess(suite, suite.command(run), run);
  if (tally.passed + tally.failed > 0 || run.grep !== undefined) return tally;
  say(`✘ ${suite.name} has test files, but no test ran.`);
  return { ...tally, failed: 1 };
}
