import type { Mutant } from './mutants.ts';
import type { Item, Plan } from './plan.ts';
import { type Outcome, play } from './run.ts';

/** Plays that one failure may cost. */
const tries = 250;

/**
 * The smallest plan found that breaks the same promise: without what it does not take, and if possible without chance
 * in the order of turns.
 */
export async function shrink(
  plan: Plan,
  broken: number,
  mutant?: Mutant,
): Promise<{ readonly plan: Plan; readonly outcome: Outcome }> {
  let best = plan;
  let left = tries;
  const breaks = async (candidate: Plan): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    const { failure } = await play(candidate, mutant);
    if (failure?.number !== broken) return false;
    best = candidate;
    return true;
  };
  await breaks({ ...best, sqlite: false });
  await breaks({ ...best, windows: 1, apart: false });
  await breaks({ ...best, snapshotEvery: 1_000 });
  for (let size = Math.ceil(best.items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.items.length;) {
      const fewer = without(best.items, from, size);
      if (!(await breaks({ ...best, items: fewer }))) from += size;
    }
  }
  for (let steps = Math.floor(best.steps / 2); steps > 5; steps = Math.floor(steps / 2)) {
    if (!(await breaks({ ...best, steps }))) break;
  }
  await breaks({ ...best, shuffled: false });
  return { plan: best, outcome: await play(best, mutant) };
}

function without(items: readonly Item[], from: number, count: number): readonly Item[] {
  return [...items.slice(0, from), ...items.slice(from + count)];
}
