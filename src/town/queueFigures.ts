import { failureRate } from './failureRate.ts';
import type { Instant, RequestId } from './ids.ts';
import { median } from './median.ts';
import type { RigState } from './state.ts';

/** What merge queues came to. */
export interface QueueFigures {
  readonly landed: number;
  /** Of the batches that are remembered: what landed by them or was given to the forge, and runs of the checks. */
  readonly together: number;
  readonly runs: number;
  /** Null: no batch landed anything. */
  readonly runsPerLanding: number | null;
  /** Half of what landed took less from done to landed, in ms; null: nothing landed. */
  readonly medianWaitMs: number | null;
  /** The chance that the next request fails; null: nothing was decided yet. */
  readonly failureRate: number | null;
}

/** When each landed. A batch remembers those whose bead went to the archive. */
export function landings(state: RigState): ReadonlyMap<RequestId, Instant> {
  const landed = new Map<RequestId, Instant>();
  for (const batch of state.queue.past) for (const id of batch.landed) landed.set(id, batch.ended);
  for (const { id, stage, changedAt } of Object.values(state.requests))
    if (stage === 'landed') landed.set(id, changedAt);
  return landed;
}

/** Of some rigs together. */
export function queueFigures(states: readonly RigState[]): QueueFigures {
  const queues = states.map(({ queue }) => queue);
  const past = queues.flatMap((queue) => queue.past);
  const together = past.reduce((sum, { landed, offered = [] }) => sum + landed.length + offered.length, 0);
  const runs = past.reduce((sum, batch) => sum + batch.runs, 0);
  const passed = queues.reduce((sum, { outcomes }) => sum + outcomes.passed, 0);
  const failed = queues.reduce((sum, { outcomes }) => sum + outcomes.failed, 0);
  return {
    landed: states.reduce((sum, state) => sum + landings(state).size, 0),
    ...{ together, runs },
    runsPerLanding: together === 0 ? null : runs / together,
    medianWaitMs: median(states.flatMap(waits)),
    failureRate: passed + failed === 0 ? null : failureRate({ passed, failed }),
  };
}

/** Of landed requests, in milliseconds. */
function waits({ requests }: RigState): readonly number[] {
  return Object.values(requests).flatMap(({ stage, createdAt, changedAt }) =>
    stage === 'landed' ? [Math.max(0, changedAt - createdAt)] : [],
  );
}
