import { openStages } from './mergeRequest.ts';
import { type Reason, reason } from './reason.ts';
import type { RigState } from './state.ts';

/** Below this stand the branches of polecats, also of those that are forgotten here. */
const polecatBranches = 'polecat/';

/** What keeps a branch from entering the merge queue, as far as its name tells; null: nothing. */
export function heldOut(state: RigState, branch: string): Reason | null {
  if (branch === state.rig?.target) return reason('branch_is_target', { branch });
  const polecat = Object.values(state.polecats).find((one) => one.branch === branch);
  if (polecat !== undefined || branch.startsWith(polecatBranches))
    return reason('branch_of_polecat', { branch, polecat: polecat?.name ?? branch.split('/')[1] ?? '' });
  const request = Object.values(state.requests).find(
    (one) => one.branch === branch && openStages.includes(one.stage),
  );
  return request === undefined ? null : reason('branch_in_queue', { branch, request: request.id });
}
