import type { Clock } from '../ports/clock.ts';
import type { Notice, NoticeCode } from '../ports/notices.ts';
import { type Archive, type ReadModel, type Store, StoreError } from '../ports/store.ts';
import type { RigId } from '../town/ids.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import { AppendQueue } from './appendQueue.ts';
import { ArchiveFiles } from './archive.ts';
import { everyStep } from './everyStep.ts';
import { Feed, notice } from './feed.ts';
import type { Folded } from './folded.ts';
import { live } from './heart.ts';
import { type Journal, StrayedSegment } from './journal.ts';
import type { SnapshotOrder } from './makeSnapshot.ts';
import type { MakeSnapshot } from './offThread.ts';
import type { Ownership } from './ownership.ts';
import type { Place } from './place.ts';
import { alreadyClosed, appendFailed, fenced } from './problems.ts';
import type { Recalled } from './recall.ts';
import { type SnapshotLimits, type SnapshotSource, Snapshots } from './snapshotting.ts';
import type { Tables } from './tables.ts';

export interface Limits extends SnapshotLimits {
  readonly feedBytes: number;
}

export const usualLimits: Limits = {
  snapshotEvery: 1_000,
  idleMs: 30_000,
  idleTransactions: 64,
  threadFrom: 2_000,
  feedBytes: 5 * 1024 * 1024,
};

export interface StoreParts {
  readonly place: Place;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly rig: RigId;
  readonly recalled: Recalled;
  readonly ownership: Ownership;
  readonly journal: Journal;
  readonly elsewhere: MakeSnapshot | null;
}

/** The store of the process that owns the rig. */
export class RigStore implements Store {
  readonly initial: RigState;
  readonly folder: string;
  readonly rig: RigId;
  readonly epoch: number;
  readonly damage = null;
  readonly ended: Promise<StoreError>;
  readonly read: ReadModel;
  readonly archive: Archive;
  readonly #parts: StoreParts;
  readonly #journal: Journal;
  readonly #folded: Folded;
  readonly #tables: Tables;
  readonly #feed: Feed;
  readonly #queue: AppendQueue;
  readonly #snapshots: Snapshots;
  readonly #beating = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    const { place, recalled, limits, clock, journal, ownership } = parts;
    this.#parts = parts;
    this.folder = place.folder;
    this.rig = parts.rig;
    this.epoch = ownership.epoch;
    this.#folded = recalled.folded;
    this.#tables = recalled.tables;
    this.initial = recalled.folded.state();
    this.#journal = journal;
    const mayRotate = (): boolean => ownership.holds();
    this.#feed = new Feed({ place, clock, maxBytes: limits.feedBytes, mayRotate });
    const source = this.#snapshotSource();
    this.#snapshots = new Snapshots(
      { place, clock, limits, source, elsewhere: parts.elsewhere },
      recalled.snapshotSeq,
    );
    const archive = new ArchiveFiles(
      place,
      (id) => this.#folded.tables.beads.has(id),
      (path, count) => {
        this.#feed.write(notice(clock.now(), 'store.archive_unreadable', { path, count }));
      },
    );
    this.archive = archive;
    this.#queue = new AppendQueue({
      seq: recalled.seq,
      folded: recalled.folded,
      archive,
      write: (lines) => {
        this.#write(lines);
      },
      written: () => {
        this.#snapshots.appended();
      },
      problemOf: (cause) => this.#problemOf(cause),
    });
    this.ended = this.#queue.ended;
    this.read = { ...recalled.tables.queries, seq: () => this.#queue.durable };
    for (const news of recalled.news) this.#feed.write(news);
    void live(clock, this.#beating.signal, () => {
      this.#beat();
    });
  }

  append(at: number, events: readonly TownEvent[]): Promise<number> {
    return this.#queue.append(at, events);
  }

  hosts(live: boolean): Promise<void> {
    return this.#closing === null
      ? this.#parts.ownership.hosts(live)
      : Promise.reject(alreadyClosed(this.folder));
  }

  feed(line: Notice): void {
    this.#feed.write(line);
  }

  recentFeed(limit: number): Promise<readonly Notice[]> {
    return this.#feed.recent(limit);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#beating.abort();
    await this.#snapshots.end();
    await this.#queue.end(alreadyClosed(this.folder));
    if (this.#queue.failed === null) await this.#snapshots.last();
    await everyStep([
      () => {
        this.#journal.close();
      },
      () => this.#feed.close(),
      () => {
        this.#tables.close();
      },
      () => this.#parts.ownership.release({ seq: this.#queue.durable, segment: this.#journal.number }),
    ]);
  }

  #write(lines: string): void {
    this.#journal.append(lines);
    this.#stillOwner();
    this.#project();
  }

  /**
   * Looked at between the sync and the answer: a successor claims first and reads the journal then, so either the
   * claim is seen here, or the successor reads what was just synced.
   */
  #stillOwner(): void {
    if (!this.#parts.ownership.holds()) throw fenced(this.#journal.path);
  }

  /** Shows those who cannot see this process that it lives; and sees when it lives no more for the others. */
  #beat(): void {
    if (!this.#queue.isOpen) return;
    try {
      this.#parts.ownership.beat();
    } catch {
      // A counter that cannot be moved makes others believe that this owner is gone, which ends it soon enough.
    }
    try {
      this.#stillOwner();
    } catch (error) {
      // What the system does not say now, it says at the next beat or append.
      if (error instanceof StoreError) this.#queue.fail(error);
    }
  }

  /** The tables follow the journal and are never a reason to refuse what is on disk, unless they cannot be had at all. */
  #project(): void {
    try {
      this.#tables.apply(this.#folded.takeChanges(), this.#folded);
    } catch (error) {
      this.#tables.rebuild(this.#folded);
      const tables = [error instanceof Error ? error.message : String(error)];
      this.#feed.write(notice(this.#parts.clock.now(), 'store.tables_rebuilt', { tables }));
    }
  }

  #problemOf(cause: unknown): StoreError {
    if (!(cause instanceof StoreError) || cause.reason !== 'fenced')
      return appendFailed(this.#journal.path, cause);
    this.#feed.end(cause);
    return cause;
  }

  #snapshotSource(): SnapshotSource {
    const tell = (what: NoticeCode, error: unknown): void => {
      const message = error instanceof Error ? error.message : String(error);
      this.#feed.write(notice(this.#parts.clock.now(), what, { message }));
    };
    return {
      durable: () => this.#queue.durable,
      size: () => this.#folded.size,
      order: () => this.#betweenSegments((at) => ({ ...at, checksums: this.#tables.checksums() })),
      export: () => this.#betweenSegments((at) => ({ ...at, bytes: this.#tables.export(at.seq) })),
      exported: (error) => {
        tell('store.snapshot_inline', error);
      },
      failed: (error) => {
        tell('store.snapshot_failed', error);
      },
    };
  }

  /** Appends wait until the next file of the journal stands and what a snapshot needs of just this moment is taken. */
  async #betweenSegments<T>(take: (at: Omit<SnapshotOrder, 'checksums'>) => T): Promise<T> {
    // A next file would say that lines which may stand at the end of this one, never acknowledged, are damage.
    if (this.#queue.failed !== null) throw this.#queue.failed;
    const seq = this.#queue.durable;
    return this.#queue.hold(async () => {
      try {
        await this.#journal.rotate(seq);
        this.#stillOwner();
        const { folder, rig, epoch } = this;
        return take({ folder, rig, epoch, seq, segment: this.#journal.number });
      } catch (error) {
        if (error instanceof StrayedSegment || error instanceof StoreError) this.#queue.fail(error);
        throw error;
      }
    });
  }
}
