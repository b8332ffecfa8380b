import { type Bead, isOpen } from './bead.ts';
import type { BeadId, PolecatId } from './ids.ts';
import type { Polecat } from './polecat.ts';
import type { RigState } from './state.ts';

/** In how many seats a bead may be tried at once. */
export const fewestAttempts = 2;
export const mostAttempts = 5;

type Known = Pick<RigState, 'beads' | 'polecats'>;

/** The attempts of a bead's newest contest that are still known. */
export function attemptsAt({ beads }: Pick<RigState, 'beads'>, { contest }: Bead): readonly Bead[] {
  return contest?.attempts.flatMap((id) => beads[id] ?? []) ?? [];
}

/** The contest that a bead is an attempt of, as the bead that it is about; null: it is none, or of one that is over. */
export function contestOf({ beads }: Pick<RigState, 'beads'>, { id, attemptAt }: Bead): Bead | null {
  const about = attemptAt === undefined ? undefined : beads[attemptAt];
  return about?.contest?.attempts.includes(id) === true ? about : null;
}

/** Whether two beads are attempts at the same: they are meant to change the same files. */
export function areSiblings(a: Pick<Bead, 'attemptAt'>, b: Pick<Bead, 'attemptAt'>): boolean {
  return a.attemptAt !== undefined && a.attemptAt === b.attemptAt;
}

/** Proven, and what it made is still there to be landed. */
export function isPickable({ polecats }: Pick<RigState, 'polecats'>, bead: Bead): boolean {
  if (bead.evidence === null) return false;
  if (bead.status !== 'contending' && bead.status !== 'not_picked') return false;
  return polecatOf(polecats, bead.polecat)?.state !== 'retired';
}

/** How the attempts at a bead stand. */
export interface Standing {
  readonly attempts: readonly Bead[];
  /** Still being made. */
  readonly atWork: readonly Bead[];
  readonly pickable: readonly Bead[];
  /** Picked, and neither landed nor given up; null: none. */
  readonly picked: Bead | null;
}

export function standingOf(state: Known, about: Bead): Standing {
  const attempts = attemptsAt(state, about);
  const picked = attempts.find(({ id, status }) => id === about.contest?.picked && isOpen(status)) ?? null;
  return {
    attempts,
    picked,
    atWork: attempts.filter(
      (one) => isOpen(one.status) && one.status !== 'contending' && one.id !== picked?.id,
    ),
    pickable: attempts.filter((one) => isPickable(state, one)),
  };
}

/** Whether a person has to say which attempt lands. */
export function waitsForPick(state: Known, about: Bead): boolean {
  if (about.status !== 'contested') return false;
  const { atWork, pickable, picked } = standingOf(state, about);
  return picked === null && atWork.length === 0 && pickable.length > 0;
}

/** What attempts that were not picked keep until they are cleaned up. */
export function keptAttempts({ beads }: Pick<RigState, 'beads'>, about: BeadId): readonly Bead[] {
  return Object.values(beads).filter((one) => one.attemptAt === about && one.status === 'not_picked');
}

function polecatOf(polecats: RigState['polecats'], id: PolecatId | null): Polecat | undefined {
  return id === null ? undefined : polecats[id];
}
