/** Plays a share of the seeds in a thread of its own; `hooks.ts` must stand before everything that imports `src/`. */
import './hooks.ts';
import { parentPort, workerData } from 'node:worker_threads';
import type { Request, Report } from './crew.ts';

// An error's stack costs more than what the simulation does with it.
Error.stackTraceLimit = 4;

const { play } = await import('./run.ts');
const { planOf } = await import('./plan.ts');
const { goldenPlan } = await import('./golden.ts');
const { shrink } = await import('./shrink.ts');
const { mutants, none } = await import('./mutants.ts');

const { mutant: name, stopAtFirst } = workerData as {
  readonly mutant: string | null;
  readonly stopAtFirst: boolean;
};
const mutant = mutants.find((one) => one.name === name) ?? none;

function tell(report: Report): void {
  parentPort?.postMessage(report);
}

async function playAll({ seeds, golden, withTrace, shrinks }: Request): Promise<void> {
  for (const seed of seeds) {
    const plan = golden ? goldenPlan(seed) : planOf(seed);
    const { failure, tally, hash, lines } = await play(plan, mutant);
    tell({
      kind: 'played',
      seed,
      tally,
      hash,
      lines: withTrace ? lines : [],
      broken: failure?.message ?? null,
    });
    if (failure === null) continue;
    if (shrinks) {
      const small = await shrink(plan, failure.number, mutant);
      tell({ kind: 'shrunk', seed, plan: small.plan, lines: small.outcome.lines });
    }
    if (stopAtFirst) break;
  }
  tell({ kind: 'ended' });
}

parentPort?.on('message', (request: Request) => {
  void playAll(request);
});
