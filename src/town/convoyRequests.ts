import type { ConvoyId } from './ids.ts';
import { type MergeRequest, openStages } from './mergeRequest.ts';
import type { RigState } from './state.ts';

/** What of a convoy is in the merge queue and nobody said yes to, proven or not, the oldest first. */
export function unapproved(
  { requests, beads }: Pick<RigState, 'requests' | 'beads'>,
  convoy: ConvoyId,
): readonly MergeRequest[] {
  return Object.values(requests)
    .filter(({ stage, approval }) => openStages.includes(stage) && approval === null)
    .filter(({ bead }) => beads[bead]?.convoy === convoy)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
