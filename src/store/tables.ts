import type { ReadModel } from '../ports/store.ts';
import type { Changes, Folded } from './folded.ts';

/** What the tables answer; the store adds how far the answers are true. */
export type Queries = Omit<ReadModel, 'seq'>;

/** A number for each table, by which two copies of the same tables are told from two that differ. */
export type Checksums = Readonly<Record<string, number>>;

/** Bytes or tables that do not hold what was written into them, or that never were a rig's. */
export class Misfit extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Misfit';
  }
}

/**
 * The folded town beside the journal: it answers queries and is what snapshots are made of. It decides nothing and
 * can always be built anew from the fold.
 */
export interface Tables {
  /** What they hold, and the number it is true for. Throws `Misfit` on anything that is not what was exported. */
  load(): { readonly folded: Folded; readonly seq: number };
  /**
   * Writes what changed, all of it or nothing: the rest of the state, if it did, and the nouns as `folded` has them
   * now; one that it no longer has was removed.
   */
  apply(changes: Changes, folded: Folded): void;
  /** Starts over from the state. */
  rebuild(folded: Folded): void;
  /** Names of the tables that do not say what the state says; empty when all of them do. */
  disagreeing(folded: Folded): readonly string[];
  /** Of what was applied so far. */
  checksums(): Checksums;
  /** What was applied so far, as the bytes of a file that is true for `seq`. `folded` may be further already. */
  export(seq: number): Uint8Array;
  readonly queries: Queries;
  close(): void;
}

/** Opens tables on the bytes of an export, which stay as they are; empty ones on null. May reject with `Misfit`. */
export type OpenTables = (bytes: Uint8Array | null) => Promise<Tables>;
