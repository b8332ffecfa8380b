/** The suites of `npm test`: which there are, what each needs installed, and how long each may take. */
import { readFile } from 'node:fs/promises';
import { ensureAgents } from './agents.ts';
import { hasDisplay } from './display.ts';
import { whatAgain, withSecond } from './again.ts';
import type { Plan } from './mochaMain.ts';
import { count, emptyTally, failure, withFailure } from './outcome.ts';
import type { Tally } from './outcome.ts';
import { runMark, startGroup, sweep } from './processes.ts';
import type { Group } from './processes.ts';
import { testFiles } from './testFiles.ts';
import { ensureChromium, ensureCodeServer, root, say } from './toolchain.mjs';

export type SuiteRun = {
  /** Temporary files of the suite go here and are gone when the run ends, however it ends. */
  readonly folder: string;
  readonly tallyFile: string;
  readonly grep?: string | undefined;
  /** Only these files, relative to the repository, and nothing beside them. */
  readonly alone?: readonly string[];
};

export type Suite = {
  readonly name: string;
  /** What a quiet machine may spend on it; the bench says when it was more, and ends it at three times as much. */
  readonly budgetMinutes: number;
  readonly quick: boolean;
  /** What fails is tried once more, alone: its programs are real, and a busy machine may keep them waiting. */
  readonly again?: boolean;
  /** An editor and its agents run in it, and nothing may run beside them. */
  readonly alone?: boolean;
  /** Installs what it needs beyond Node; not counted against its time. */
  readonly prepare?: () => Promise<unknown>;
  /** Folder with its test files. */
  readonly folder: string;
  /** Script and arguments of the process that runs the files and writes the tally. */
  readonly command: (run: SuiteRun) => readonly string[];
};

/** Tools and not files: `check.ts`. */
export type Checks = Pick<Suite, 'name' | 'budgetMinutes' | 'quick'>;
export const checks: Checks = { name: 'check', budgetMinutes: 2, quick: false };

type How = Pick<Plan, 'timeoutMs' | 'lanes' | 'filesPerWorker'>;
const mochaIn =
  (folder: string, how: How) =>
  ({ tallyFile, grep, alone }: SuiteRun): readonly string[] => {
    const plan: Plan = { folder, tallyFile, ...how, grep, files: alone, lanes: alone ? 1 : how.lanes };
    return ['test/harness/mochaMain.ts', JSON.stringify(plan)];
  };

const aWorkbench = async (): Promise<void> => {
  await ensureChromium();
  await ensureCodeServer();
};
const aWorkbenchWithAgents = async (): Promise<void> => {
  await aWorkbench();
  await ensureAgents();
};

export const suites: readonly Suite[] = [
  {
    name: 'unit',
    budgetMinutes: 4,
    quick: true,
    folder: 'test/unit',
    command: mochaIn('test/unit', { timeoutMs: 20_000, lanes: 2, filesPerWorker: 30 }),
  },
  {
    name: 'sim',
    budgetMinutes: 2,
    quick: true,
    folder: 'test/sim',
    command: mochaIn('test/sim', { timeoutMs: 60_000, lanes: 2, filesPerWorker: 1 }),
  },
  {
    name: 'integration',
    budgetMinutes: 7,
    quick: true,
    again: true,
    folder: 'test/integration',
    prepare: ensureAgents,
    command: mochaIn('test/integration', { timeoutMs: 60_000, lanes: 2, filesPerWorker: 1 }),
  },
  {
    name: 'host',
    budgetMinutes: 2,
    quick: false,
    again: true,
    alone: true,
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
    again: true,
    alone: true,
    folder: 'test/e2e',
    prepare: aWorkbenchWithAgents,
    command: mochaIn('test/e2e', { timeoutMs: 120_000, lanes: 1, filesPerWorker: 1 }),
  },
];

/** Everything this run starts carries it, and nothing that carries it outlives the run. */
const mark = `${String(process.pid)}-${String(Date.now())}`;
process.on('exit', () => {
  sweep(mark);
});

function isTally(value: unknown): value is Tally {
  return typeof value === 'object' && value !== null && 'outcomes' in value && 'unsteady' in value;
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
  const hasFailed = (why: string): Tally => {
    say(`✘ ${suite.name} ${why}`);
    return withFailure(tally ?? emptyTally, failure(`the suite ${suite.name}`, why));
  };
  if (outcome === 'too long') {
    const underWay = tally?.underWay.join(', ') ?? 'nothing known';
    return hasFailed(
      `did not end within ${String(limit)} minutes; all its processes were ended. Under way: ${underWay}.`,
    );
  }
  if (tally === undefined)
    return hasFailed(`ended (exit code ${String(outcome)}) without saying what it ran.`);
  if (outcome !== 0 && count(tally.outcomes, 'failed') === 0)
    return hasFailed(`ended with exit code ${String(outcome)}, and yet every test passed.`);
  return tally;
}

/** Once more what failed, where that is allowed. Not for a person who looks at exactly these tests. */
async function runAgain(suite: Suite, run: SuiteRun, first: Tally): Promise<Tally> {
  const again = suite.again === true && run.grep === undefined ? whatAgain(first) : undefined;
  if (again === undefined) return first;
  say(`\n${suite.name}: what failed is tried once more, alone.`);
  const tallyFile = `${run.tallyFile}.again`;
  const alone: SuiteRun = { ...run, tallyFile, grep: again.grep, alone: again.files };
  return withSecond(first, again, await runProcess(suite, suite.command(alone), alone));
}

/** Runs one suite. A suite that has files and runs none of their tests has failed. */
export async function runSuite(suite: Suite, run: SuiteRun): Promise<Tally> {
  if ((await testFiles(suite.folder)).length === 0) {
    say(`  skipped: no test files in ${suite.folder} yet`);
    return emptyTally;
  }
  const first = await runProcess(suite, suite.command(run), run);
  const tally = await runAgain(suite, run, first);
  if (tally.outcomes.some(({ state }) => state !== 'skipped') || run.grep !== undefined) return tally;
  say(`✘ ${suite.name} has test files, but no test ran.`);
  return withFailure(tally, failure(`the suite ${suite.name}`, 'It has test files, but no test ran.'));
}
