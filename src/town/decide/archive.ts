import { type Bead, isOpen } from '../bead.ts';
import type { BeadId } from '../ids.ts';
import type { RigState } from '../state.ts';
import type { Draft } from './draft.ts';

/** Ended beads stay in sight for 30 days, the time after which git itself forgets what nothing refers to. */
export const archiveAfterMs = 30 * 24 * 60 * 60 * 1000;

/** So that a rig that was away for months comes back without a long turn. */
const mostAtOnce = 200;

/** Takes out of the state what ended long ago and nothing open refers to any more. */
export function archive(draft: Draft): void {
  const old = oldBeads(draft.state, draft.at);
  if (old.length === 0) return;
  for (const bead of old.slice(0, mostAtOnce)) {
    const polecats = Object.values(draft.state.polecats).filter((one) => one.bead === bead.id);
    const requests = Object.values(draft.state.requests).filter((one) => one.bead === bead.id);
    const asks = Object.values(draft.state.asks).filter((one) => one.bead === bead.id);
    draft.emit({
      type: 'bead.archived',
      bead: bead.id,
      polecats: polecats.map(({ id }) => id),
      requests: requests.map(({ id }) => id),
      asks: asks.map(({ id }) => id),
      at: draft.at,
    });
  }
  const left = new Set(Object.values(draft.state.beads).map((bead) => bead.convoy));
  for (const convoy of new Set(old.map((bead) => bead.convoy))) {
    if (convoy !== null && !left.has(convoy)) draft.emit({ type: 'convoy.archived', convoy, at: draft.at });
  }
}

/** A convoy goes as a whole, so that its progress stays true as long as it is seen. */
function oldBeads(state: RigState, at: number): readonly Bead[] {
  const beads = Object.values(state.beads);
  const candidates = beads.filter((bead) => bead.endedAt !== null && bead.endedAt <= at - archiveAfterMs);
  if (candidates.length === 0) return [];
  const candidate = new Set(candidates.map((bead) => bead.id));
  const needed = new Set<BeadId>(
    beads.filter((bead) => !candidate.has(bead.id)).flatMap((bead) => bead.dependencies),
  );
  const busy = new Set<BeadId>(
    Object.values(state.polecats).flatMap((one) => (one.cleared && one.session === null ? [] : [one.bead])),
  );
  const stays = (bead: Bead): boolean =>
    isOpen(bead.status) || !candidate.has(bead.id) || needed.has(bead.id) || busy.has(bead.id);
  const stayingConvoys = new Set(beads.filter(stays).map((bead) => bead.convoy));
  return candidates.filter(
    (bead) => !stays(bead) && (bead.convoy === null || !stayingConvoys.has(bead.convoy)),
  );
}
