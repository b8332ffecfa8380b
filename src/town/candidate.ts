import type { Need, Shortage } from './fuel.ts';
import type { BeadId, Instant } from './ids.ts';
import type { Seat } from './polecat.ts';
import type { Level } from './tank.ts';

/**
 * Why a seat is not taken for a bead. shortage: its account cannot carry the need now · limited: an agent found the
 * account empty · level: the strategy wants more left · not_best: the strategy takes the best suited provider or none ·
 * kept: an older bead has waited for it for long, and would wait longer · sibling: another attempt at the same runs there,
 * and there is a seat where none does.
 */
export type SeatOut =
  | { readonly kind: 'shortage'; readonly shortage: Shortage }
  | { readonly kind: 'limited'; readonly until: Instant }
  | { readonly kind: 'level'; readonly level: Level; readonly from: Instant | null }
  | { readonly kind: 'not_best' }
  | { readonly kind: 'sibling'; readonly bead: BeadId }
  | { readonly kind: 'kept'; readonly bead: BeadId; readonly until: Instant | null };

/** A seat as it is judged for one bead. */
export interface Candidate {
  readonly seat: Seat;
  /** How well the provider does this type, 0–1, as configured. */
  readonly affinity: number;
  /** Fraction of its lowest gauge that would be left, 0–1. */
  readonly headroom: number;
  /** The gauge that `headroom` is of. */
  readonly gauge: string | null;
  /** How often this type passed with it, 0–1, as far as learned. */
  readonly success: number;
  /** What its price takes off the score. */
  readonly price: number;
  /** affinity × headroom × success − price */
  readonly score: number;
  /** Null: nothing is known of its account. */
  readonly level: Level | null;
  readonly need: Need;
  /** Null: it may be taken. */
  readonly out: SeatOut | null;
  /** Another attempt at the same that runs there, as there is no seat without one; absent: none does. */
  readonly shares?: BeadId;
}

/**
 * What decided. returning: its polecat goes on where it was · preferred: the provider it asks for can carry it · best:
 * the highest score among those that may be taken · first: nothing is known of accounts, so configured order ·
 * not_ready, no_slot, overlap, no_seat: why it waits though seats might carry it · fuel: no seat can carry it now ·
 * strategy: some can, and the strategy keeps them · kept: an older bead waits for the same fuel · running, ended.
 */
export type Rule =
  | 'returning'
  | 'preferred'
  | 'best'
  | 'first'
  | 'not_ready'
  | 'no_slot'
  | 'overlap'
  | 'no_seat'
  | 'fuel'
  | 'strategy'
  | 'kept'
  | 'running'
  | 'ended';
