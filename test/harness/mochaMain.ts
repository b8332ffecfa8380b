/** One suite of test files in a process of its own, which has workers run them: `mochaMain.ts <plan as JSON>`. */
import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { inOrder } from './fileOrder.ts';
import type { Became, Job } from './mochaWorker.ts';
import { emptyTally, failure } from './outcome.ts';
import type { Outcome, Tally } from './outcome.ts';
import { bench } from './places.ts';
import { testFiles } from './testFiles.ts';
import { root, say } from './toolchain.mjs';

export type Plan = {
  readonly folder: string;
  /** Where the tally goes, after each file. That file is the result: what was printed is for people only. */
  readonly tallyFile: string;
  readonly timeoutMs: number;
  /** How many workers run side by side. */
  readonly lanes: number;
  /**
   * How many files a worker runs. One where tests start programs: a process is copied for each, and takes five times
   * as long when it holds the code of many files.
   */
  readonly filesPerWorker: number;
  /** Only these of the folder's files, relative to the repository. */
  readonly files?: readonly string[] | undefined;
  readonly grep?: string | undefined;
};

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
/** Side by side, what a worker prints is shown whole when it ended. */
const live = plan.lanes === 1;
/** Spares each worker the work of stripping types again. */
const compiled = join(bench, 'compiled');

/** A flag that mocha's reporter looks for; it would take CI for a terminal. */
const colors = process.stdout.isTTY ? '--color' : '--no-color';

const outcomes: Outcome[] = [];
const seconds: Record<string, number> = {};
const underWay = new Set<string>();
let workers = 0;

function keepTally(): void {
  const tally: Tally = { ...emptyTally, outcomes, seconds, underWay: [...underWay] };
  writeFileSync(plan.tallyFile, JSON.stringify(tally));
}

function begin(file: string | undefined): void {
  if (file !== undefined) underWay.add(relative(root, file));
  keepTally();
}

function end({ file, ...became }: Became): void {
  const name = relative(root, file);
  outcomes.push(...became.outcomes);
  if (became.outcomes.length > 0) seconds[name] = became.seconds;
  underWay.delete(name);
}

/** Runs a worker to its end. Tells how that was, and which files it did not come to the end of. */
function runWorker(files: readonly string[], output: number | 'inherit'): Promise<[string, string[]]> {
  const { timeoutMs, grep } = plan;
  const job: Job = { files, timeoutMs, grep };
  const worker = fork(join(import.meta.dirname, 'mochaWorker.ts'), [JSON.stringify(job), colors], {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', output, output, 'ipc'],
  });
  const left = [...files];
  begin(left[0]);
  worker.on('message', (became: Became) => {
    left.shift();
    end(became);
    begin(left[0]);
  });
  return new Promise((resolve) => {
    worker.on('exit', (code, signal) => {
      resolve([signal ?? `exit code ${String(code)}`, left]);
    });
  });
}

/** Runs files in a worker, and those after one that ended it in a next one. */
async function runFiles(files: readonly string[]): Promise<void> {
  workers += 1;
  const log = join(tmpdir(), `worker-${String(workers)}.log`);
  const output = live ? 'inherit' : openSync(log, 'a');
  const [how, [culprit, ...left]] = await runWorker(files, output);
  if (typeof output === 'number') {
    closeSync(output);
    process.stdout.write(readFileSync(log));
    rmSync(log);
  }
  if (culprit === undefined) return;
  const name = relative(root, culprit);
  const why = `The process that ran it ended (${how}).`;
  say(`\n${name}\n  ✘ ${why}`);
  end({ file: culprit, outcomes: [failure(name, why, name)], seconds: 0 });
  keepTally();
  if (left.length > 0) await runFiles(left);
}

/** Takes files from the queue until it is empty. */
async function lane(queue: string[]): Promise<void> {
  while (queue.length > 0) await runFiles(queue.splice(0, plan.filesPerWorker));
}

keepTally();
const files = (await testFiles(plan.folder)).filter(
  (file) => plan.files?.includes(relative(root, file)) ?? true,
);
const { together, alone } = inOrder(files);
await Promise.all(Array.from({ length: plan.lanes }, () => lane(together)));
await lane(alone);
process.exit(outcomes.some(({ state }) => state === 'failed') ? 1 : 0);
