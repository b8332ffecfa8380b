import type { Bead } from '../bead.ts';
import type { BeadId } from '../ids.ts';
import type { RigState } from '../state.ts';
import type { Draft } from './draft.ts';

/** Ended beads stay in sight for 30 days, the time after which git itself forgets what nothing refers to. */
export const archiveAfterMs = 30 * 24 * 60 * 60 * 1000;

/** So that a rig that was away for months comes back without a long turn; a larger convoy still goes as a whole. */
const mostAtOnce = 200;

/** Takes out of the state what ended long ago and nothing that stays refers to. */
export function archive(draft: Draft): void {
  const oldest = draft.depot.ended.first;
  if (oldest === undefined || oldest.at > draft.at - archiveAfterMs) return;
  let taken = 0;
  for (const group of oldGroups(draft.state, draft.at)) {
    if (taken > 0 && taken + group.length > mostAtOnce) return;
    taken += group.length;
    for (const bead of group) archiveBead(draft, bead.id);
    const convoy = group[0]?.convoy ?? null;
    if (convoy !== null) draft.emit({ type: 'convoy.archived', convoy, at: draft.at });
  }
}

function archiveBead(draft: Draft, bead: BeadId): void {
  const { polecats, requests, asks } = draft.state;
  draft.emit({
    type: 'bead.archived',
    bead,
    polecats: idsOf(polecats, bead),
    requests: idsOf(requests, bead),
    asks: idsOf(asks, bead),
    at: draft.at,
  });
}

function idsOf<Id extends string>(
  record: Readonly<Record<Id, { readonly id: Id; readonly bead: BeadId | null }>>,
  bead: BeadId,
): readonly Id[] {
  const nouns: readonly { readonly id: Id; readonly bead: BeadId | null }[] = Object.values(record);
  return nouns.filter((one) => one.bead === bead).map(({ id }) => id);
}

/** Attempts at a bead go with it. */
function groupOf({ convoy, attemptAt, id }: Bead): string {
  return convoy ?? attemptAt ?? id;
}

/** Convoys, and beads without one, of which everything ended long ago and nothing is needed by what stays. */
function oldGroups(state: RigState, at: number): readonly (readonly Bead[])[] {
  const isOld = ({ endedAt, status }: Bead): boolean =>
    endedAt !== null && status !== 'not_picked' && endedAt <= at - archiveAfterMs;
  const beads = Object.values(state.beads);
  if (!beads.some(isOld)) return [];
  const busy = new Set<BeadId>(
    Object.values(state.polecats).flatMap((one) => (one.cleared && one.session === null ? [] : [one.bead])),
  );
  const groups = Map.groupBy(beads, groupOf);
  const staying = new Set<Bead>();
  const going = new Map(
    [...groups].filter(([, group]) => group.every((one) => isOld(one) && !busy.has(one.id))),
  );
  for (const [name, group] of groups) if (!going.has(name)) for (const bead of group) staying.add(bead);
  // What stays keeps what it depends on, and that again; a set yields what is added while it is walked.
  for (const bead of staying) {
    for (const id of bead.dependencies) {
      const needed = state.beads[id];
      const name = needed === undefined ? '' : groupOf(needed);
      for (const kept of going.get(name) ?? []) staying.add(kept);
      going.delete(name);
    }
  }
  return [...going.values()];
}
