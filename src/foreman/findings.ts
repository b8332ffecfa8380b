import type { Bead } from '../town/bead.ts';
import type { Polecat } from '../town/polecat.ts';
import type { Reason, ReasonCode } from '../town/reason.ts';

/** What a proof finds missing. */
const found: readonly ReasonCode[] = [
  'nothing_committed',
  'no_result_stated',
  'conflict_markers',
  'wrong_branch',
  'check_failed',
  'check_timed_out',
  'check_not_runnable',
  'evidence_missing',
  'inspector_wants',
];

/**
 * Which agents were told what their proof found missing. A done whose caller went away is proven all the same, and its
 * agent ends its turn without a word of it. Known here alone: after a reload it is said once more.
 */
export class Findings {
  readonly #told = new WeakSet<Reason>();

  /** Why the bead came back, if its agent does not know; a session begins with what was found before it. */
  untold(bead: Bead | undefined, polecat: Polecat): Reason | null {
    if (bead?.status !== 'in_progress' || bead.reason === null || polecat.session === null) return null;
    const isNews = bead.changedAt > polecat.session.openedAt && !this.#told.has(bead.reason);
    return isNews && found.includes(bead.reason.code) ? bead.reason : null;
  }

  told(why: Reason): void {
    this.#told.add(why);
  }
}
