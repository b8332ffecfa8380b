import type { Ask } from '../town/ask.ts';
import type { Bead, BeadStatus } from '../town/bead.ts';
import type { Convoy } from '../town/convoy.ts';
import type { BeadId, Instant, RigId } from '../town/ids.ts';
import type { MergeRequest } from '../town/mergeRequest.ts';
import type { Polecat } from '../town/polecat.ts';
import type { BeadFilter } from '../town/query.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import type { Notice } from './notices.ts';

export type { BeadFilter } from '../town/query.ts';

/** Memory of one rig. One writer; what `append` acknowledged survives `kill -9`. */
export interface Store {
  /** The fold of everything on disk, as it was when the store was opened. */
  readonly initial: RigState;
  /**
   * Makes one transaction durable and resolves with its sequence number. Appends are written in call order;
   * several that wait together share one sync. Rejects with `StoreError` and stays read-only from then on.
   */
  append(at: Instant, events: readonly TownEvent[]): Promise<number>;
  /**
   * Resolves when nothing can be appended any more, with the reason, although nobody appends: another process has
   * taken the rig over (`fenced`), or a write failed. Never after a close in good order, and never for a reader.
   */
  readonly ended: Promise<StoreError>;
  /** Grows with every owner that the rig ever had; actions outside carry it. A reader has that of the last owner. */
  readonly epoch: number;
  /** The rig's id: that of its `home.json`. */
  readonly rig: RigId;
  /** What is wrong with the part that could not be read; only a tolerant reader opens in spite of it. */
  readonly damage: StoreError | null;
  /**
   * Whether agents live in this window's terminals: then another window waits 20 s before it takes over, since this
   * one may be reloading. Durable when it resolves; rejects with StoreError.
   */
  hosts(live: boolean): Promise<void>;
  readonly read: ReadModel;
  /** What left the state after its time. */
  readonly archive: Archive;
  /** Absolute folder of the rig's state; outputs, transcripts and the spool lie in it. */
  readonly folder: string;
  /** Rotated JSONL beside the journal; losing its last lines loses no state. Adds nothing once closed or fenced. */
  feed(notice: Notice): void;
  /** The newest lines, oldest of them first; ends with a notice of its own when some could not be read. */
  recentFeed(limit: number): Promise<readonly Notice[]>;
  close(): Promise<void>;
}

/** Queries that views and the command line use; answered from the sql.js projection. */
export interface ReadModel {
  /** Sequence number up to which the answers are true. */
  seq(): number;
  /** In dispatch order (priority, age, id); newest first when only ended statuses are asked for. */
  beads(filter: BeadFilter): readonly Bead[];
  bead(id: BeadId): Bead | null;
  countByStatus(): Readonly<Partial<Record<BeadStatus, number>>>;
}

/**
 * Ended beads that are no longer in the state (`bead.archived`). Read from disk at every call, which rejects with
 * StoreError; lines that are damaged are left out of the answer, and `unreadable` is told of them.
 */
export interface Archive {
  /** Those that left last come first. Text as in `BeadFilter`. */
  beads(filter: ArchiveFilter, unreadable?: Unreadable): Promise<readonly Bead[]>;
  bead(id: BeadId, unreadable?: Unreadable): Promise<ArchivedBead | null>;
}

/** Told of each file that has lines which are not what was written, as far as it was looked through. */
export type Unreadable = (path: string, lines: number) => void;

export type ArchiveFilter = Pick<BeadFilter, 'text' | 'limit' | 'offset'>;

/** A bead as it was when it left the state, with what belonged to it. */
export interface ArchivedBead {
  readonly at: Instant;
  readonly bead: Bead;
  readonly convoy: Convoy | null;
  readonly polecats: readonly Polecat[];
  readonly requests: readonly MergeRequest[];
  readonly asks: readonly Ask[];
}

export type StoreErrorReason =
  | 'append_failed'
  | 'damaged'
  | 'newer_schema'
  | 'pointer_leads_nowhere'
  | 'owned_elsewhere'
  | 'not_writable'
  | 'not_readable'
  | 'fenced';

/** The rig's memory could not be read or written; `path` names the file and nothing was lost. */
export class StoreError extends Error {
  readonly reason: StoreErrorReason;
  readonly path: string;

  constructor(reason: StoreErrorReason, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.reason = reason;
    this.path = path;
  }
}
