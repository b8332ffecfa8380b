import { median } from '../../town/median.ts';
import type { CheckResult } from '../../town/check.ts';
import type { Instant } from '../../town/ids.ts';
import { type Batch } from '../../town/queue.ts';
import type { RigState } from '../../town/state.ts';

/** Of the newest proofs; checks of last month tell little of today's. */
const mostSeen = 20;

/**
 * How long a green run of the checks takes: the median of the newest, in milliseconds; null: none is known. Red ones
 * end early and so tell too little, and what was skipped in them is part of what a run takes.
 */
export function usualRunMs(state: RigState): number | null {
  const { proofs } = state.queue;
  const proven = proofs.map(({ checks }) => checks);
  const done = Object.values(state.beads)
    .flatMap(({ evidence }) => (evidence === null || evidence.checks.length === 0 ? [] : [evidence]))
    .sort((a, b) => a.at - b.at)
    .map(({ checks }) => checks);
  const seen = (proven.length > 0 ? proven : done).slice(-mostSeen).map(totalMs);
  return median(seen.filter((ms) => ms > 0));
}

export function totalMs(checks: readonly CheckResult[]): number {
  return checks.reduce((sum, { durationMs }) => sum + Math.max(0, durationMs), 0);
}

/** When a run should be over; null: not known. */
export function runEndsAt(batch: Batch, length: number, usualMs: number | null): Instant | null {
  const since = batch.started?.[length];
  return usualMs === null || since === undefined ? null : Math.round(since + usualMs);
}

/**
 * When all of a batch should be decided, if the runs go as they usually do: those under way, and while a culprit is
 * looked for, the rounds that cutting what is left by as many runs at a time takes. Null: not known.
 */
export function batchEndsAt(batch: Batch, usualMs: number | null): Instant | null {
  const ends = batch.running.map((length) => runEndsAt(batch, length, usualMs));
  const known = ends.filter((at) => at !== null);
  if (usualMs === null || known.length === 0 || known.length < ends.length) return null;
  return Math.round(Math.max(...known) + (roundsLeft(batch) - 1) * usualMs);
}

/** With the one that runs. */
function roundsLeft({ green, red, running }: Batch): number {
  const suspects = red === null ? 1 : Math.max(1, red - green);
  return Math.max(1, Math.ceil(Math.log(suspects) / Math.log(running.length + 1) - 1e-9));
}
