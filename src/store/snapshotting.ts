import type { Clock } from '../ports/clock.ts';
import type { SnapshotOrder } from './makeSnapshot.ts';
import { type MakeSnapshot, NotMade } from './offThread.ts';
import type { Place } from './place.ts';
import { forgetSuperseded, writeSnapshot } from './snapshot.ts';

/** When a snapshot is taken. */
export interface SnapshotLimits {
  /** Transactions after which one is taken. */
  readonly snapshotEvery: number;
  /** Milliseconds without an append after which one is taken, if at least `idleTransactions` are new. */
  readonly idleMs: number;
  readonly idleTransactions: number;
  /** Nouns from which on it is made in another thread; of fewer the export takes less time than starting one. */
  readonly threadFrom: number;
}

/** What snapshots are taken of. */
export interface SnapshotSource {
  /** Last number on disk. */
  durable(): number;
  /** The database of just this moment, and the journal file that goes on after it. */
  export(): Promise<{ readonly seq: number; readonly segment: number; readonly bytes: Uint8Array }>;
  /** How many nouns there are. */
  size(): number;
  /** Goes on in a new file of the journal and says what a snapshot of the closed ones must come to. */
  order(): Promise<SnapshotOrder>;
  /** It could not be made in another thread and is exported now. */
  exported(error: unknown): void;
  /** A snapshot failed. The journal still holds everything. */
  failed(error: unknown): void;
}

export interface SnapshotParts {
  readonly place: Place;
  readonly clock: Clock;
  readonly limits: SnapshotLimits;
  readonly source: SnapshotSource;
  /** How it is made in another thread; null: it never is. */
  readonly elsewhere: MakeSnapshot | null;
}

/** Takes snapshots when they are due, one at a time. */
export class Snapshots {
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #limits: SnapshotLimits;
  readonly #source: SnapshotSource;
  readonly #elsewhere: MakeSnapshot | null;
  readonly #ending = new AbortController();
  /** The number up to which the newest snapshot is true, or was meant to be. */
  #seq: number;
  #running: Promise<void> | null = null;
  #idling = false;

  constructor({ place, clock, limits, source, elsewhere }: SnapshotParts, seq: number) {
    this.#place = place;
    this.#clock = clock;
    this.#limits = limits;
    this.#source = source;
    this.#elsewhere = elsewhere;
    this.#seq = seq;
  }

  /** To be called after every durable append. */
  appended(): void {
    if (this.#ending.signal.aborted || this.#running !== null) return;
    if (this.#new() >= this.#limits.snapshotEvery) void this.#take();
    else if (!this.#idling) void this.#takeWhenIdle();
  }

  /** Takes none any more by itself, and resolves when none is being taken. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  /** One more after the end, if there is anything new. */
  async last(): Promise<void> {
    // Exported, whatever its size: nobody waits for this thread any more, but maybe for the end.
    if (this.#new() > 0) await this.#take(() => this.#export());
  }

  #new(): number {
    return this.#source.durable() - this.#seq;
  }

  async #takeWhenIdle(): Promise<void> {
    const { signal } = this.#ending;
    this.#idling = true;
    for (let seen = -1; seen !== this.#source.durable() && !signal.aborted;) {
      seen = this.#source.durable();
      // Rejects at the end, when the store decides about the last one.
      await this.#clock.sleep(this.#limits.idleMs, signal).catch(() => undefined);
    }
    this.#idling = false;
    const due = this.#new() >= this.#limits.idleTransactions;
    if (due && !signal.aborted && this.#running === null) await this.#take();
  }

  /** Never rejects: without a snapshot the next start reads a longer journal, and that is all. */
  #take(write = () => this.#write()): Promise<void> {
    // Tried again only after as many transactions, however this one goes.
    this.#seq = this.#source.durable();
    this.#running = write()
      .catch((error: unknown) => {
        this.#source.failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #write(): Promise<void> {
    const source = this.#source;
    if (this.#elsewhere !== null && source.size() >= this.#limits.threadFrom) {
      try {
        await this.#elsewhere(await source.order());
        return;
      } catch (error) {
        // What the system refused to another thread it would refuse to this one.
        if (!(error instanceof NotMade) || error.code !== null) throw error;
        source.exported(error);
      }
    }
    await this.#export();
  }

  async #export(): Promise<void> {
    const { seq, segment, bytes } = await this.#source.export();
    await writeSnapshot(this.#place, seq, segment, bytes);
    await forgetSuperseded(this.#place, this.#clock.now());
  }
}
