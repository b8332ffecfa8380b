import { type Outcomes, learn, noOutcomes } from '../../../src/town/failureRate.ts';
import { type Reruns, learnRerun, noReruns } from '../../../src/town/flaky.ts';
import { Random } from '../../sim/random.ts';
import { requests } from './drawn.ts';
import { TownPlay } from './townPlay.ts';

export const townPlays = 200;

interface Drawn {
  /** Of requests, how many fail. */
  readonly percent: number;
  readonly slots: number;
  /** Requests that the queue had decided before, which fail as often, and each time for a reason. */
  readonly seen: number;
}

interface Means {
  readonly runs: number;
  readonly elapsed: number;
  readonly ofTarget: number;
  readonly again: number;
}

/** Means of `townPlays` queues decided by the whole town, the same at every call. Throws when one decides wrongly. */
export function townDrawn({ percent, slots, seen }: Drawn): Means {
  const draw = new Random(percent, 'town queue');
  const fail = (): boolean => draw.chance(percent);
  const sum = { runs: 0, elapsed: 0, ofTarget: 0, again: 0 };
  for (let play = 0; play < townPlays; play += 1) {
    let [outcomes, reruns]: [Outcomes, Reruns] = [noOutcomes, noReruns];
    for (let one = 0; one < seen; one += 1) {
      const isRed = fail();
      outcomes = isRed ? learn(outcomes, 0, 1) : learn(outcomes, 1, 0);
      if (isRed) reruns = learnRerun(reruns, 'steady');
    }
    const fails = Array.from({ length: requests }, fail);
    const played = new TownPlay({ fails, slots, outcomes, reruns }).all();
    if (played.culprits.join() !== fails.flatMap((one, n) => (one ? [n] : [])).join())
      throw new Error(`blamed ${played.culprits.join()} of ${fails.join()}`);
    for (const key of ['runs', 'elapsed', 'ofTarget', 'again'] as const) sum[key] += played[key] / townPlays;
  }
  return sum;
}
