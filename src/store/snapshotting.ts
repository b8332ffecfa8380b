import type { Clock } from '../ports/clock.ts';
import type { Place } from './place.ts';
import { forgetSuperseded, writeSnapshot } from './snapshot.ts';

/** When a snapshot is taken. */
export interface SnapshotLimits {
  /** Transactions after which one is taken. */
  readonly snapshotEvery: number;
  /** Milliseconds without an append after which one is taken, if at least `idleTransactions` are new. */
  readonly idleMs: number;
  readonly idleTransactions: number;
}

/** What snapshots are taken of. */
export interface SnapshotSource {
  /** Last number on disk. */
  durable(): number;
  /** The database of just this moment, and the journal file that goes on after it. */
  export(): Promise<{ readonly seq: number; readonly segment: number; readonly bytes: Uint8Array }>;
  /** A snapshot failed. The journal still holds everything. */
  failed(error: unknown): void;
}

/** Takes snapshots when they are due, one at a time. */
export class Snapshots {
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #limits: SnapshotLimits;
  readonly #source: SnapshotSource;
  readonly #ending = new AbortController();
  /** The number up to which the newest snapshot is true, or was meant to be. */
  #seq: number;
  #running: Promise<void> | null = null;
  #idling = false;

  constructor(place: Place, clock: Clock, limits: SnapshotLimits, source: SnapshotSource, seq: number) {
    this.#place = place;
    this.#clock = clock;
    this.#limits = limits;
    this.#source = source;
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
    if (this.#new() > 0) await this.#take();
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
  #take(): Promise<void> {
    // Tried again only after as many transactions, however this one goes.
    this.#seq = this.#source.durable();
    this.#running = this.#write()
      .catch((error: unknown) => {
        this.#source.failed(error);
      })
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async #write(): Promise<void> {
    const { seq, segment, bytes } = await this.#source.export();
    await writeSnapshot(this.#place, seq, segment, bytes);
    await forgetSuperseded(this.#place);
  }
}
