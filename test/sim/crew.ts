import { Worker } from 'node:worker_threads';
import type { Plan } from './plan.ts';
import type { Tally } from './tally.ts';

export interface Request {
  readonly seeds: readonly number[];
  /** The seeds are places in `golden.ts`. */
  readonly golden: boolean;
  readonly withTrace: boolean;
  readonly shrinks: boolean;
}

export type Report =
  | {
      readonly kind: 'played';
      readonly seed: number;
      readonly tally: Tally;
      readonly hash: number;
      readonly lines: readonly string[];
      /** What promise broke, or null. */
      readonly broken: string | null;
    }
  | { readonly kind: 'shrunk'; readonly seed: number; readonly plan: Plan; readonly lines: readonly string[] }
  | { readonly kind: 'ended' };

export interface Task {
  readonly from: number;
  readonly to: number;
  readonly threads: number;
  readonly withTrace?: boolean;
  readonly shrinks?: boolean;
  readonly stopAtFirst?: boolean;
  readonly golden?: boolean;
  /** Name of a planted bug. */
  readonly mutant?: string;
  readonly onReport: (report: Report) => void;
}

/** Plays seeds in threads and resolves when all are done; rejects when a thread dies. */
export async function playSeeds(task: Task): Promise<void> {
  const { from, to, threads } = task;
  const seeds = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const count = Math.min(threads, seeds.length);
  const shares = Array.from({ length: count }, (_, share) =>
    seeds.filter((_seed, at) => at % count === share),
  );
  await Promise.all(shares.map((share) => playShare(task, share)));
}

async function playShare(task: Task, seeds: readonly number[]): Promise<void> {
  const {
    mutant = null,
    stopAtFirst = false,
    golden = false,
    withTrace = false,
    shrinks = false,
    onReport,
  } = task;
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: { mutant, stopAtFirst } });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (report: Report) => {
        if (report.kind === 'ended') resolve();
        else onReport(report);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`a thread ended with ${String(code)}`));
      });
      const request: Request = { seeds, golden, withTrace, shrinks };
      worker.postMessage(request);
    });
  } finally {
    await worker.terminate();
  }
}
