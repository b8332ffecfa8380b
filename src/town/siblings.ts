import { type Bead, isOpen } from './bead.ts';
import type { Candidate } from './candidate.ts';
import type { BeadId } from './ids.ts';
import type { Polecat, Seat } from './polecat.ts';
import type { RigState } from './state.ts';

/** Where attempts at the same bead run: each shall have a seat of its own. */
export class Siblings {
  readonly #seats = new Map<BeadId, { readonly bead: BeadId; readonly seat: Seat }[]>();

  constructor({ beads }: Pick<RigState, 'beads'>, polecats: Iterable<Polecat>) {
    for (const { bead: id, state, seat } of polecats) {
      const bead = beads[id];
      if (bead !== undefined && state !== 'retired' && isOpen(bead.status)) this.take(bead, seat);
    }
  }

  take({ id: bead, attemptAt }: Bead, seat: Seat): void {
    if (attemptAt === undefined) return;
    const known = this.#seats.get(attemptAt)?.filter((one) => one.bead !== bead) ?? [];
    this.#seats.set(attemptAt, [...known, { bead, seat }]);
  }

  /** The other attempt that runs in a seat; null: none. */
  in({ id, attemptAt }: Bead, { tank, model }: Seat): BeadId | null {
    const others = attemptAt === undefined ? undefined : this.#seats.get(attemptAt);
    const found = others?.find(({ bead, seat }) => bead !== id && seat.tank === tank && seat.model === model);
    return found?.bead ?? null;
  }

  /** Of some seats those where no other attempt runs; all of them where there is one in each. */
  without(bead: Bead, seats: readonly Seat[]): readonly Seat[] {
    const free = seats.filter((seat) => this.in(bead, seat) === null);
    return free.length === 0 ? seats : free;
  }

  /** Those that may be taken, and those that are left to the others. */
  apart(
    bead: Bead,
    candidates: readonly Candidate[],
  ): { readonly free: readonly Candidate[]; readonly left: readonly Candidate[] } {
    const marked = candidates.map((one) => ({ one, sibling: this.in(bead, one.seat) }));
    // One that only its person can mend is no seat to wait for.
    if (!marked.some(({ one, sibling }) => sibling === null && !isBroken(one)))
      return { free: marked.map(({ one, sibling }) => withShared(one, sibling)), left: [] };
    return {
      free: marked.flatMap(({ one, sibling }) => (sibling === null ? [one] : [])),
      left: marked.flatMap(({ one, sibling }) =>
        sibling === null ? [] : [{ ...one, out: { kind: 'sibling', bead: sibling } as const }],
      ),
    };
  }
}

function isBroken({ out }: Candidate): boolean {
  return out?.kind === 'shortage' && out.shortage.kind === 'problem';
}

function withShared(one: Candidate, sibling: BeadId | null): Candidate {
  return sibling === null ? one : { ...one, shares: sibling };
}
