import path from 'node:path';
import { isOpen } from '../town/bead.ts';
import type { BeadId } from '../town/ids.ts';
import type { RigState } from '../town/state.ts';
import { plain } from '../words/plain.ts';
import { sentence } from '../words/reasons.ts';
import type { Translate } from '../words/translate.ts';

export interface FailurePlace {
  /** Absolute, inside the worktree of the polecat whose work it is. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** Name of what failed; null: it is not said. */
  readonly check: string | null;
  readonly bead: BeadId;
}

/** Where a check that holds work back says the failure is, as far as its output named a place. */
export function failurePlaces({ beads, polecats }: RigState, t: Translate): readonly FailurePlace[] {
  return Object.values(beads).flatMap((bead) => {
    const { file, line, name } = bead.reason?.facts ?? {};
    const polecat = bead.polecat === null ? undefined : polecats[bead.polecat];
    const worktree = polecat?.worktree ?? null;
    // Proven anew meanwhile.
    if (bead.status === 'merging') return [];
    if (!isOpen(bead.status) || bead.reason === null || worktree === null || polecat?.cleared === true)
      return [];
    if (typeof file !== 'string' || typeof line !== 'number' || line < 1) return [];
    const place = path.resolve(worktree, file);
    // What a check prints comes from the work itself.
    if (!place.startsWith(worktree + path.sep)) return [];
    const message = t('{sentence} (“{title}”)', {
      sentence: sentence(bead.reason, t),
      title: plain(bead.title, 80),
    });
    return [{ file: place, line, message, check: typeof name === 'string' ? name : null, bead: bead.id }];
  });
}
