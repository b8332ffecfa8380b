/** What a rig's queue has seen of its requests, the older counting less; plain JSON. */
export interface Outcomes {
  readonly passed: number;
  readonly failed: number;
}

export const noOutcomes: Outcomes = { passed: 0, failed: 0 };

/**
 * Requests after which what was seen before counts 1 / e: enough to know 5 % from 15 %, and few enough that agents that
 * got worse show within some dozens.
 */
const memory = 100;
/**
 * Taken for seen before anything is. Weak, so that two culprits are enough to test one by one, and a few dozen that pass
 * to test 20 together.
 */
const prior: Outcomes = { passed: 1.5, failed: 0.5 };

/** Requests that were decided one by one: those that landed, and those that were to blame. */
export function learn(outcomes: Outcomes, passed: number, failed: number): Outcomes {
  const [landed, blamed] = [counted(passed), counted(failed)];
  const count = landed + blamed;
  if (count === 0) return outcomes;
  const kept = Math.exp(-count / memory);
  const each = ((1 - kept) * memory) / count;
  return {
    passed: counted(outcomes.passed) * kept + landed * each,
    failed: counted(outcomes.failed) * kept + blamed * each,
  };
}

/** The chance that one request fails; neither 0 nor 1. */
export function failureRate({ passed, failed }: Outcomes): number {
  const blamed = counted(failed) + prior.failed;
  return blamed / (counted(passed) + prior.passed + blamed);
}

function counted(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
