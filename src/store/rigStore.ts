import type { Clock } from '../ports/clock.ts';
import type { Notice, NoticeCode } from '../ports/notices.ts';
import { type Archive, type ArchivedBead, type ReadModel, type Store, StoreError } from '../ports/store.ts';
import type { RigId } from '../town/ids.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import { eventsVersion } from '../town/upcast.ts';
import { ArchiveFiles, leaving } from './archive.ts';
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
import { seal } from './sealedLine.ts';
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

interface Waiting {
  readonly line: string;
  readonly seq: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: StoreError) => void;
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
  readonly #archive: ArchiveFiles;
  readonly #snapshots: Snapshots;
  readonly #tellEnd: (why: StoreError) => void;
  readonly #beating = new AbortController();
  #waiting: Waiting[] = [];
  /** Last number given out, and last number on disk. */
  #given: number;
  #durable: number;
  /** Why nothing is appended any more. */
  #ended: StoreError | null = null;
  /** Why it is not known where the journal ends; a close in good order leaves it null. */
  #failed: StoreError | null = null;
  /** What waiting transactions take out of the state; it goes into the archive before they are written. */
  #leaving: ArchivedBead[] = [];
  #archiving: Promise<void> | null = null;
  /** How many have asked that nothing be written just now. */
  #held = 0;
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
    this.#given = recalled.seq;
    this.#durable = recalled.seq;
    this.#journal = journal;
    const { promise, resolve } = Promise.withResolvers<StoreError>();
    this.ended = promise;
    this.#tellEnd = resolve;
    const mayRotate = (): boolean => ownership.holds();
    this.#feed = new Feed({ place, clock, maxBytes: limits.feedBytes, mayRotate });
    const source = this.#snapshotSource();
    this.#snapshots = new Snapshots(
      { place, clock, limits, source, elsewhere: parts.elsewhere },
      recalled.snapshotSeq,
    );
    this.#archive = new ArchiveFiles(
      place,
      (id) => this.#folded.tables.beads.has(id),
      (path, count) => {
        this.#feed.write(notice(clock.now(), 'store.archive_unreadable', { path, count }));
      },
    );
    this.archive = this.#archive;
    this.read = { ...recalled.tables.queries, seq: () => this.#durable };
    for (const news of recalled.news) this.#feed.write(news);
    void live(clock, this.#beating.signal, () => {
      this.#beat();
    });
  }

  append(at: number, events: readonly TownEvent[]): Promise<number> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const seq = this.#given + 1;
    let line: string;
    try {
      line = seal({ seq, at, v: eventsVersion, events });
      for (const event of events) {
        const gone = leaving(this.#folded, event);
        if (gone !== null) this.#leaving.push(gone);
        this.#folded.apply(event);
      }
    } catch (error) {
      return Promise.reject(this.#fail(error));
    }
    this.#given = seq;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, seq, resolve, reject });
      if (this.#waiting.length === 1) this.#flushSoon();
    });
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
    this.#flush();
    while (this.#archiving !== null) await this.#archiving;
    const sound = this.#ended === null;
    this.#ended ??= alreadyClosed(this.folder);
    if (sound) await this.#snapshots.last();
    await everyStep([
      () => {
        this.#journal.close();
      },
      () => this.#feed.close(),
      () => {
        this.#tables.close();
      },
      () => this.#parts.ownership.release({ seq: this.#durable, segment: this.#journal.number }),
    ]);
  }

  /**
   * At the end of this turn of the event loop, when every promise that is ready now has run: whoever appends in the
   * same turn shares the sync, and a lone append waits for nothing.
   */
  #flushSoon(): void {
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#flush();
      });
    });
  }

  #flush(): void {
    if (this.#held > 0 || this.#waiting.length === 0 || this.#ended !== null) return;
    if (this.#leaving.length > 0) {
      this.#archiving = this.#archiveFirst();
      return;
    }
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      this.#journal.append(batch.map(({ line }) => line).join(''));
      this.#stillOwner();
      this.#project();
    } catch (error) {
      const problem = this.#fail(error);
      for (const { reject } of batch) reject(problem);
      return;
    }
    this.#durable = this.#given;
    for (const { resolve, seq } of batch) resolve(seq);
    this.#snapshots.appended();
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
    if (this.#ended !== null) return;
    try {
      this.#parts.ownership.beat();
    } catch {
      // A counter that cannot be moved makes others believe that this owner is gone, which ends it soon enough.
    }
    try {
      this.#stillOwner();
    } catch (error) {
      // What the system does not say now, it says at the next beat or append.
      if (error instanceof StoreError) this.#fail(error);
    }
  }

  /** Writes what waits when all that it takes out of the state is in the archive. */
  async #archiveFirst(): Promise<void> {
    this.#held += 1;
    try {
      await this.#archive.keep(this.#leaving.splice(0));
    } catch (error) {
      this.#fail(error);
    }
    this.#held -= 1;
    this.#archiving = null;
    this.#flush();
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

  /** From here on nothing is appended: what stands at the end of the file is not known any more. */
  #fail(cause: unknown): StoreError {
    const lost = cause instanceof StoreError && cause.reason === 'fenced';
    const problem = lost ? cause : appendFailed(this.#journal.path, cause);
    if (this.#ended === null) this.#tellEnd(problem);
    this.#ended ??= problem;
    if (lost) this.#feed.end(problem);
    this.#failed ??= problem;
    for (const { reject } of this.#waiting.splice(0)) reject(problem);
    return problem;
  }

  #snapshotSource(): SnapshotSource {
    const tell = (what: NoticeCode, error: unknown): void => {
      const message = error instanceof Error ? error.message : String(error);
      this.#feed.write(notice(this.#parts.clock.now(), what, { message }));
    };
    return {
      durable: () => this.#durable,
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
    if (this.#failed !== null) throw this.#failed;
    const seq = this.#durable;
    this.#held += 1;
    try {
      await this.#journal.rotate(seq);
      this.#stillOwner();
      const { folder, rig, epoch } = this;
      return take({ folder, rig, epoch, seq, segment: this.#journal.number });
    } catch (error) {
      if (error instanceof StrayedSegment || error instanceof StoreError) this.#fail(error);
      throw error;
    } finally {
      this.#held -= 1;
      this.#flush();
    }
  }
}
