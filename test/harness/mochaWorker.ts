/** A process for some test files: `mochaWorker.ts <job as JSON>`. It tells its parent what became of each. */
import { relative } from 'node:path';
import { runMocha, textOf } from './mochaRun.ts';
import { failure } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { root } from './toolchain.mjs';

export type Job = {
  readonly files: readonly string[];
  readonly timeoutMs: number;
  readonly grep?: string | undefined;
};
export type Became = {
  readonly file: string;
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
};

// As mocha's own command line does: a promise that nobody waited for fails the test under way.
process.on('unhandledRejection', (reason) => {
  throw reason;
});

const { files, ...rest } = JSON.parse(process.argv[2] ?? '') as Job;

async function run(file: string): Promise<Became> {
  const name = relative(root, file);
  const started = performance.now();
  const became = (outcomes: readonly Outcome[]): Became => ({
    file,
    outcomes,
    seconds: (performance.now() - started) / 1000,
  });
  try {
    return became(await runMocha({ ...rest, files: [file], nameOf: () => name, heading: name }));
  } catch (error) {
    process.stdout.write(`\n${name}\n  ✘ It could not be run. ${textOf(error)}\n`);
    return became([failure(name, textOf(error), name)]);
  }
}

for (const file of files) {
  const became = await run(file);
  await new Promise((resolve) => process.send?.(became, undefined, undefined, resolve));
}
// Not left to the event loop: a handle that a test forgot must not keep the bench waiting.
process.exit();
