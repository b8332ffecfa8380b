import { type Aftermath, noAftermath } from './aftermath.ts';
import type { CheckResult } from './check.ts';
import type { CommitId, RequestId } from './ids.ts';
import { type MergeRequest, openStages } from './mergeRequest.ts';
import type { Queue } from './queue.ts';
import { type Reason, reason } from './reason.ts';
import type { RigState } from './state.ts';

export function aftermathOf(state: { readonly queue: Queue }): Aftermath {
  return state.queue.aftermath ?? noAftermath;
}

/** A stretch of the target’s way that is told apart: what one landing brought, or somebody else’s commit. */
export interface Point {
  readonly commit: CommitId;
  readonly tree: string;
  readonly request: RequestId | null;
}

export interface Stretch {
  /** Oldest first, from behind what is known to be green to the tip; empty: the tip is. */
  readonly points: readonly Point[];
  /** What stands before the first of them is known to be green. */
  readonly isKnown: boolean;
}

/** Of the target’s way (newest first) what nothing proved so far. */
export function stretchOf(
  state: RigState,
  way: readonly { readonly commit: CommitId; readonly tree: string }[],
  basis: string,
): Stretch {
  const { look } = aftermathOf(state);
  const known = way.findIndex(({ tree }) => tree !== look?.doubted && isProven(state, tree, basis));
  const unknown = (known < 0 ? way : way.slice(0, known)).toReversed();
  const places = new Map(unknown.map(({ commit }, place) => [commit, place]));
  const owner = new Map<CommitId, RequestId>();
  const inside = new Set<CommitId>();
  for (const { id, stage, landed, candidate } of Object.values(state.requests)) {
    const place = stage === 'landed' && landed !== null ? places.get(landed) : undefined;
    if (place === undefined || landed === null || candidate === null) continue;
    owner.set(landed, id);
    const from = places.get(candidate.onto) ?? -1;
    for (const { commit } of unknown.slice(from + 1, place)) inside.add(commit);
  }
  const points = unknown
    .filter(({ commit }) => owner.has(commit) || !inside.has(commit))
    .map((one) => ({ ...one, request: owner.get(one.commit) ?? null }));
  return { points, isKnown: known >= 0 };
}

function isProven(state: RigState, tree: string, basis: string): boolean {
  const isWhole = (checks: readonly CheckResult[]): boolean =>
    checks.every(({ outcome }) => outcome === 'passed');
  const fits = (one: {
    readonly tree: string | null;
    readonly basis?: string;
    readonly checks: readonly CheckResult[];
  }) => one.tree === tree && one.basis === basis && isWhole(one.checks);
  return (
    state.queue.proofs.some(fits) ||
    Object.values(state.beads).some(({ evidence }) => evidence !== null && fits(evidence))
  );
}

/** By place among the points: true is green. */
export type Results = ReadonlyMap<number, boolean>;

/** Which point is run next: the tip first, then halves of what is left. Null: it is known who did it, or it cannot be. */
export function nextPoint({ points, isKnown }: Stretch, results: Results): number | null {
  const tip = points.length - 1;
  if (tip < 0) return null;
  const { green, red } = bounds(points, results);
  if (!results.has(tip)) return tip;
  if (red === null || !isKnown || red - green <= 1) return null;
  return Math.floor((green + red) / 2);
}

/** Who turned it red; `null` in it: nobody’s landing, or nobody knows. Null: it is green. */
export function redPoint(
  { points, isKnown }: Stretch,
  results: Results,
): { readonly commit: CommitId; readonly request: RequestId | null; readonly place: number } | null {
  const { red } = bounds(points, results);
  const point = red === null ? undefined : points[red];
  if (red === null || point === undefined) return null;
  return { commit: point.commit, request: isKnown ? point.request : null, place: red };
}

function bounds(
  points: readonly Point[],
  results: Results,
): { readonly green: number; readonly red: number | null } {
  const all = points.map((_, place) => place);
  const green = Math.max(-1, ...all.filter((place) => results.get(place) === true));
  const red = all.find((place) => place > green && results.get(place) === false) ?? null;
  return { green, red };
}

/** What takes a landing back, open or landed; undefined: nothing does. */
export function revertOf(
  { requests }: Pick<RigState, 'requests'>,
  landing: RequestId,
): MergeRequest | undefined {
  return Object.values(requests).find(
    ({ reverts, stage }) => reverts === landing && (openStages.includes(stage) || stage === 'landed'),
  );
}

/** The landing that is taken back without a person; null: none. Once each, never what takes one back, and one at a time. */
export function toRevert(state: RigState): RequestId | null {
  const { red, reverting, reverted } = aftermathOf(state);
  const request = red?.request == null ? undefined : state.requests[red.request];
  if (request?.stage !== 'landed' || reverting !== null || reverted.includes(request.id)) return null;
  const isRevert = request.reverts !== undefined || revertOf(state, request.id) !== undefined;
  const isUnderWay = Object.values(state.requests).some(
    ({ reverts, stage }) => reverts !== undefined && openStages.includes(stage),
  );
  return isRevert || isUnderWay ? null : request.id;
}

/** Why a target is red, as far as it is known who did it. */
export function redReason(
  { target, title }: { readonly target: string; readonly title: string | null },
  point: { readonly commit: CommitId; readonly request: RequestId | null },
  failed: CheckResult | null,
): Reason {
  const facts = {
    target,
    name: failed?.name ?? '',
    output: failed?.outputFile ?? null,
    commit: point.commit,
  };
  return point.request === null
    ? reason('target_broken', facts)
    : reason('target_broken_by', { ...facts, request: point.request, title });
}
