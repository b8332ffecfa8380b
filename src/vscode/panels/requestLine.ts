import type { MergeRequest, RequestStage } from '../../town/mergeRequest.ts';
import { inOrder } from '../../town/queueOrder.ts';
import type { RigState } from '../../town/state.ts';

export type ShownStage = Exclude<RequestStage, 'landed'>;
export type ShownRequest = MergeRequest & { readonly stage: ShownStage };

/** What needs a person comes first, then what is nearest to landing, then the line in which it is proven. */
const order: Readonly<Record<ShownStage, number>> = {
  ready: 0,
  landing: 1,
  proving: 2,
  approved: 3,
  offered: 3.7,
  queued: 3,
  conflict: 4,
  failed: 4,
  ejected: 5,
};

/**
 * What is shown, in the order in which it is proven: a batch in its own; of what waits, what somebody said yes to before
 * all else (town/decide/advance.ts).
 */
export function requestLine(state: RigState, now: number): readonly ShownRequest[] {
  const requests = shownRequests(state);
  const line = state.queue.batch?.line ?? [];
  const places = new Map(inOrder(state, requests, now).map(({ id }, place) => [id, line.length + place]));
  for (const [place, id] of line.entries()) if (places.has(id)) places.set(id, place);
  const rank = ({ stage, approval }: ShownRequest): number =>
    order[stage] + (order[stage] === order.queued && approval === null ? 0.5 : 0);
  return requests.toSorted((a, b) => rank(a) - rank(b) || (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** Open ones, and those that came back and are the newest word about a bead that is still being worked on. */
function shownRequests(state: RigState): ShownRequest[] {
  const newest = new Map<string, MergeRequest>();
  for (const request of Object.values(state.requests)) {
    const known = newest.get(request.bead);
    if (known === undefined || known.createdAt <= request.createdAt) newest.set(request.bead, request);
  }
  return [...newest.values()].filter((request): request is ShownRequest => {
    const status = state.beads[request.bead]?.status;
    return (
      request.stage !== 'landed' && status !== undefined && status !== 'completed' && status !== 'cancelled'
    );
  });
}
