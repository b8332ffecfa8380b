import { isOpen, priorities } from './bead.ts';
import type { BeadId, Instant } from './ids.ts';
import { type MergeRequest, openStages } from './mergeRequest.ts';
import type { RigState } from './state.ts';

const hourMs = 3_600_000;
/** From then on nothing is worth more than having waited. */
const patienceHours = 12;
const impatience = 100;

/** Lives for one look at a queue: what decides about a request besides itself. */
interface Standing {
  /** Requests of a bead that went back to it. */
  readonly retries: ReadonlyMap<BeadId, number>;
  /** Open beads that wait for one to land. */
  readonly dependents: ReadonlyMap<BeadId, number>;
}

/** Of what a request's worth is the sum. */
export interface ScoreParts {
  readonly start: number;
  readonly convoy: number;
  readonly priority: number;
  readonly retries: number;
  readonly waiting: number;
  readonly patience: number;
}

/**
 * What a request is worth (the seed's formula): 1000, 10 an hour of its convoy's age, 100 for each priority above the
 * least, 50 less for each time it came back up to 300, 1 an hour it waits; and 100 an hour after half a day, so that
 * nothing waits for ever.
 */
export function scoreParts(state: RigState, request: MergeRequest, retries: number, at: Instant): ScoreParts {
  const bead = state.beads[request.bead];
  const convoy = bead?.convoy == null ? undefined : state.convoys[bead.convoy];
  const hours = (since: Instant): number => Math.max(0, at - since) / hourMs;
  const waits = hours(request.createdAt);
  return {
    start: 1000,
    convoy: 10 * (convoy === undefined ? 0 : hours(convoy.createdAt)),
    priority: 100 * (priorities.length - (bead === undefined ? 3 : priorities.indexOf(bead.priority))),
    retries: -Math.min(300, 50 * retries),
    waiting: waits,
    patience: impatience * Math.max(0, waits - patienceHours),
  };
}

export function scoreOf(state: RigState, request: MergeRequest, retries: number, at: Instant): number {
  return totalOf(scoreParts(state, request, retries, at));
}

export function totalOf({ start, convoy, priority, retries, waiting, patience }: ScoreParts): number {
  return start + convoy + priority + retries + waiting + patience;
}

/** How often requests of its bead went back to it. */
export function retriesOf(state: RigState, { bead }: MergeRequest): number {
  return standingOf(state).retries.get(bead) ?? 0;
}

/**
 * The order in which requests are proven: what a person put before all others, newest wish first; then by score; then
 * what unblocks most beads, then the smaller change, then the older one.
 */
export function inOrder(
  state: RigState,
  requests: readonly MergeRequest[],
  at: Instant,
): readonly MergeRequest[] {
  const { retries, dependents } = standingOf(state);
  const ranked = requests.map((request) => ({
    request,
    score: scoreOf(state, request, retries.get(request.bead) ?? 0, at),
    unblocks: dependents.get(waitedFor(state, request)) ?? 0,
    size: sizeOf(state, request),
  }));
  ranked.sort(
    (a, b) =>
      (b.request.front ?? 0) - (a.request.front ?? 0) ||
      b.score - a.score ||
      b.unblocks - a.unblocks ||
      a.size - b.size ||
      a.request.createdAt - b.request.createdAt ||
      (a.request.id < b.request.id ? -1 : 1),
  );
  return ranked.map(({ request }) => request);
}

/** The open requests in the order in which they are proven: the batch, then what has its yes, then the rest. */
export function openInOrder(state: RigState, at: Instant): readonly MergeRequest[] {
  const open = Object.values(state.requests).filter(({ stage }) => openStages.includes(stage));
  const line = state.queue.batch?.line ?? [];
  const rankOf = ({ id, stage, approval }: MergeRequest): number => {
    const place = line.indexOf(id);
    if (place >= 0) return place - line.length;
    if (stage === 'offered') return 3;
    if (stage === 'ready') return 2;
    return approval === null ? 1 : 0;
  };
  return [...inOrder(state, open, at)].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Who waits for a bead that was tried in several seats waits for the attempt that was picked. */
function waitedFor({ beads }: RigState, { bead }: MergeRequest): BeadId {
  return beads[bead]?.attemptAt ?? bead;
}

function standingOf({ requests, beads }: RigState): Standing {
  const retries = new Map<BeadId, number>();
  const dependents = new Map<BeadId, number>();
  for (const { bead, stage } of Object.values(requests))
    if (stage === 'conflict' || stage === 'failed') retries.set(bead, (retries.get(bead) ?? 0) + 1);
  for (const bead of Object.values(beads))
    if (isOpen(bead.status))
      for (const one of bead.dependencies) dependents.set(one, (dependents.get(one) ?? 0) + 1);
  return { retries, dependents };
}

function sizeOf(state: RigState, { bead }: MergeRequest): number {
  const evidence = state.beads[bead]?.evidence;
  return evidence == null ? Infinity : evidence.insertions + evidence.deletions;
}
