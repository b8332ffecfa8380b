import { type Outcomes, learn, noOutcomes } from '../../../src/town/failureRate.ts';
import { Random } from '../../sim/random.ts';
import { Play } from './play.ts';

/** Requests of one queue; a serial queue takes as many runs. */
export const requests = 20;
export const plays = 4_000;

interface Drawn {
  /** Of requests, how many fail. */
  readonly percent: number;
  readonly slots: number;
  /** Requests that the queue had decided before, which fail as often. */
  readonly seen: number;
}

/** Means of `plays` queues, the same at every call. */
export function drawn({ percent, slots, seen }: Drawn): { readonly runs: number; readonly elapsed: number } {
  const draw = new Random(percent, 'merge queue');
  const fail = (): boolean => draw.chance(percent);
  const sum = { runs: 0, elapsed: 0 };
  for (let play = 0; play < plays; play += 1) {
    let outcomes: Outcomes = noOutcomes;
    for (let one = 0; one < seen; one += 1) outcomes = fail() ? learn(outcomes, 0, 1) : learn(outcomes, 1, 0);
    const fails = Array.from({ length: requests }, fail);
    const { runs, elapsed } = new Play({ fails, slots, outcomes }).all();
    sum.runs += runs;
    sum.elapsed += elapsed;
  }
  return { runs: sum.runs / plays, elapsed: sum.elapsed / plays };
}
