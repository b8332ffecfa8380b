/** Runs test files with mocha, in a worker of the bench and inside an extension host alike. */
import Mocha from 'mocha';
import type { Outcome } from './outcome.ts';

export type MochaRun = {
  readonly files: readonly string[];
  readonly timeoutMs: number;
  readonly grep?: string | undefined;
  /** Printed before the first test, if any is to run. */
  readonly heading?: string;
  /** What a report calls a file that mocha knows by its path. */
  readonly nameOf: (path: string) => string;
};

/** Runs the files in order, prints as it goes, and tells what became of each test and of each hook that failed. */
export async function runMocha(run: MochaRun): Promise<Outcome[]> {
  const { files, timeoutMs, grep, heading, nameOf } = run;
  const words = new RegExp(grep ?? '');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: timeoutMs,
    slow: timeoutMs / 50,
    forbidOnly: process.env['CI'] !== undefined,
    grep: words,
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const titles: string[] = [];
  mocha.suite.eachTest((test) => titles.push(test.fullTitle()));
  if (!titles.some((title) => words.test(title))) return [];
  if (heading !== undefined) process.stdout.write(`\n${heading}\n`);
  const outcomes: Outcome[] = [];
  const note = (runnable: Mocha.Runnable, state: Outcome['state'], error?: unknown): void => {
    outcomes.push({
      title: runnable.fullTitle(),
      describe: runnable.parent?.fullTitle(),
      file: nameOf(runnable.file ?? ''),
      state,
      ...(state === 'failed' ? { message: textOf(error) } : {}),
    });
  };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', (test) => {
      note(test, 'passed');
    });
    runner.on('pending', (test) => {
      note(test, 'skipped');
    });
    runner.on('fail', (runnable, error: unknown) => {
      note(runnable, 'failed', error);
    });
  });
  return outcomes;
}

/** An error with its stack, without the lines that are not the project's. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? '';
  const full = stack.includes(error.message) ? stack : `${error.name}: ${error.message}\n${stack}`;
  return full
    .split('\n')
    .filter((line) => !/^\s+at .*(node:internal|node_modules)/.test(line))
    .join('\n');
}
