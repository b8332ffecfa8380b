import { type Bead, type BeadStatus, endedStatuses } from './bead.ts';
import type { BeadId } from './ids.ts';
import { beforeInDepot } from './ready.ts';
import type { RigState } from './state.ts';

export interface BeadFilter {
  readonly statuses?: readonly BeadStatus[];
  readonly convoy?: string;
  /** Only queued beads whose dependencies are all completed. */
  readonly ready?: boolean;
  /** Case-insensitive, in id, title or description. */
  readonly text?: string;
  readonly limit?: number;
  readonly offset?: number;
}

/** In dispatch order (priority, age, id); newest first when only ended statuses are asked for. */
export function selectBeads(state: RigState, filter: BeadFilter): readonly Bead[] {
  const { statuses, convoy, text = '', ready = false, limit = Infinity, offset = 0 } = filter;
  const sought = text.toLowerCase();
  const onlyEnded = !ready && statuses?.every((status) => endedStatuses.includes(status)) === true;
  const found = Object.values(state.beads).filter(
    (bead) =>
      (statuses?.includes(bead.status) ?? true) &&
      (convoy === undefined || bead.convoy === convoy) &&
      (!ready || isReady(state, bead)) &&
      [bead.id, bead.title, bead.description].some((words) => words.toLowerCase().includes(sought)),
  );
  found.sort(onlyEnded ? newestFirst : beforeInDepot);
  const from = Math.max(0, offset);
  return found.slice(from, from + Math.max(0, limit));
}

/** How many beads there are of each status that has any. */
export function countByStatus(state: RigState): Readonly<Partial<Record<BeadStatus, number>>> {
  const counts: Partial<Record<BeadStatus, number>> = {};
  for (const { status } of Object.values(state.beads)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function isReady(state: RigState, bead: Bead): boolean {
  const done = (id: BeadId): boolean => state.beads[id]?.status === 'completed';
  return bead.status === 'queued' && bead.dependencies.every(done);
}

function newestFirst(a: Bead, b: Bead): number {
  return (b.endedAt ?? 0) - (a.endedAt ?? 0) || (a.id < b.id ? -1 : 1);
}
