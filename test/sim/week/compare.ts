import type { Routing } from '../../../src/town/routing.ts';
import { type Outcome, play } from './play.ts';
import { type Policy, firstFree, plainScore, roundRobin } from './policies.ts';
import type { Scenario } from './scenario.ts';

export type Compared = Readonly<Record<string, Outcome>>;

const nothing: Outcome = { merged: 0, failed: 0, launches: 0, limited: 0, windows: 0, tokens: 0 };

/** The same weeks under each policy, summed up over the seeds. */
export function compare(
  scenario: Scenario,
  seeds: readonly number[],
  policies: Readonly<Record<string, () => Policy>>,
  routing?: Routing,
): Compared {
  const sums = Object.entries(policies).map(([name, policy]): readonly [string, Outcome] => [
    name,
    seeds.map((seed) => play(scenario, seed, policy, routing)).reduce(sum, nothing),
  ]);
  return Object.fromEntries(sums);
}

function sum(a: Outcome, b: Outcome): Outcome {
  return {
    merged: a.merged + b.merged,
    failed: a.failed + b.failed,
    launches: a.launches + b.launches,
    limited: a.limited + b.limited,
    windows: a.windows + b.windows,
    tokens: a.tokens + b.tokens,
  };
}

/** What Rigs is held against. */
export function others(scenario: Scenario): Readonly<Record<string, () => Policy>> {
  return { firstFree, roundRobin, plainScore: plainScore(scenario) };
}
