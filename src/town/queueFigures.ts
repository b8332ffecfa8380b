import { failureRate } from './failureRate.ts';
import type { Instant, RequestId } from './ids.ts';
import { queueOf } from './queue.ts';
import type { RigState } from './state.ts';

/** What a rig's merge queue came to. */
export interface QueueFigures {
  readonly landed: number;
  /** Of the batches that are remembered; null: none landed anything. */
  readonly runsPerLanding: number | null;
  /** Half of what landed took less from done to landed, in ms; null: nothing landed. */
  readonly medianWaitMs: number | null;
  /** The chance that the next request fails; null: nothing was decided yet. */
  readonly failureRate: number | null;
}

/** When each landed. A batch remembers those whose bead went to the archive. */
export function landings(state: RigState): ReadonlyMap<RequestId, Instant> {
  const landed = new Map<RequestId, Instant>();
  for (const batch of queueOf(state).past) for (const id of batch.landed) landed.set(id, batch.ended);
  for (const { id, stage, changedAt } of Object.values(state.requests))
    if (stage === 'landed') landed.set(id, changedAt);
  return landed;
}

export function queueFigures(state: RigState): QueueFigures {
  const { past, outcomes } = queueOf(state);
  const together = past.reduce((sum, { landed }) => sum + landed.length, 0);
  const runs = past.reduce((sum, batch) => sum + batch.runs, 0);
  const waits = Object.values(state.requests)
    .filter(({ stage }) => stage === 'landed')
    .map(({ createdAt, changedAt }) => Math.max(0, changedAt - createdAt))
    .sort((a, b) => a - b);
  return {
    landed: landings(state).size,
    runsPerLanding: together === 0 ? null : runs / together,
    medianWaitMs: medianOf(waits),
    failureRate: outcomes.passed + outcomes.failed === 0 ? null : failureRate(outcomes),
  };
}

function medianOf(sorted: readonly number[]): number | null {
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
