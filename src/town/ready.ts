import { type Bead, isOpen, priorities } from './bead.ts';
import { type Reason, reason } from './reason.ts';
import type { RigState } from './state.ts';

/** Why a queued bead may not be dispatched, or null when it is ready. */
export function notReady(state: RigState, bead: Bead): Reason | null {
  const blockers = bead.dependencies.filter((id) => state.beads[id]?.status !== 'completed');
  const dead = blockers.filter((id) => {
    const status = state.beads[id]?.status;
    return status === undefined || !isOpen(status);
  });
  if (dead.length > 0) return reason('dependency_failed', { beads: dead });
  if (blockers.length > 0) return reason('blocked_by', { beads: blockers });
  const convoy = bead.convoy === null ? undefined : state.convoys[bead.convoy];
  if (convoy?.held === true) return reason('convoy_held', { convoy: convoy.id });
  return rigHolds(state);
}

/** Why no bead of the rig may be dispatched, whatever it is. */
export function rigHolds({ stopped, rig }: RigState): Reason | null {
  if (stopped) return reason('town_stopped');
  if (rig === null || rig.parked) return reason('rig_parked');
  return rig.checks === null ? reason('checks_unconfirmed') : null;
}

/** Dispatch order: priority, then age, then id so that the order is total. */
export function beforeInDepot(a: Bead, b: Bead): number {
  return (
    priorities.indexOf(a.priority) - priorities.indexOf(b.priority) ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}
