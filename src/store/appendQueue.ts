import type { ArchivedBead, StoreError } from '../ports/store.ts';
import type { TownEvent } from '../town/state.ts';
import { eventsVersion } from '../town/upcast.ts';
import { type ArchiveFiles, leaving } from './archive.ts';
import type { Folded } from './folded.ts';
import { seal } from './sealedLine.ts';

export interface AppendQueueParts {
  /** Last number on disk. */
  readonly seq: number;
  readonly folded: Folded;
  readonly archive: ArchiveFiles;
  /** Makes sealed lines durable. After a throw nothing is appended any more. */
  readonly write: (lines: string) => void;
  /** Told when lines are on disk and their appends are answered. */
  readonly written: () => void;
  /** What to say of an error after which it is not known where the journal ends. */
  readonly problemOf: (cause: unknown) => StoreError;
}

interface Waiting {
  readonly line: string;
  readonly seq: number;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: StoreError) => void;
}

/** Transactions on their way to the journal: numbered and folded at once, written in groups, answered when on disk. */
export class AppendQueue {
  /** Resolves at the first failure. */
  readonly ended: Promise<StoreError>;
  readonly #tellEnd: (why: StoreError) => void;
  readonly #parts: AppendQueueParts;
  #waiting: Waiting[] = [];
  /** Last number given out, and last number on disk. */
  #given: number;
  #durable: number;
  /** Why nothing is appended any more. */
  #ended: StoreError | null = null;
  #failed: StoreError | null = null;
  /** What waiting transactions take out of the state; it goes into the archive before they are written. */
  #leaving: ArchivedBead[] = [];
  #archiving: Promise<void> | null = null;
  /** How many have asked that nothing be written just now. */
  #held = 0;

  constructor(parts: AppendQueueParts) {
    this.#parts = parts;
    this.#given = parts.seq;
    this.#durable = parts.seq;
    const { promise, resolve } = Promise.withResolvers<StoreError>();
    this.ended = promise;
    this.#tellEnd = resolve;
  }

  /** Last number on disk. */
  get durable(): number {
    return this.#durable;
  }

  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Why it is not known where the journal ends; an end in good order leaves it null. */
  get failed(): StoreError | null {
    return this.#failed;
  }

  append(at: number, events: readonly TownEvent[]): Promise<number> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const seq = this.#given + 1;
    let line: string;
    try {
      line = seal({ seq, at, v: eventsVersion, events });
      for (const event of events) {
        const gone = leaving(this.#parts.folded, event);
        if (gone !== null) this.#leaving.push(gone);
        this.#parts.folded.apply(event);
      }
    } catch (error) {
      return Promise.reject(this.fail(error));
    }
    this.#given = seq;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, seq, resolve, reject });
      if (this.#waiting.length === 1) this.#flushSoon();
    });
  }

  /** What is appended meanwhile waits until the work is done, however that goes. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await work();
    } finally {
      this.#held -= 1;
      this.#flush();
    }
  }

  /** From here on nothing is appended: what stands at the end of the file is not known any more. */
  fail(cause: unknown): StoreError {
    const problem = this.#parts.problemOf(cause);
    if (this.#ended === null) this.#tellEnd(problem);
    this.#ended ??= problem;
    this.#failed ??= problem;
    for (const { reject } of this.#waiting.splice(0)) reject(problem);
    return problem;
  }

  /** Writes what waits and takes nothing more. */
  async end(why: StoreError): Promise<void> {
    this.#flush();
    while (this.#archiving !== null) await this.#archiving;
    this.#ended ??= why;
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
      this.#parts.write(batch.map(({ line }) => line).join(''));
    } catch (error) {
      const problem = this.fail(error);
      for (const { reject } of batch) reject(problem);
      return;
    }
    this.#durable = this.#given;
    for (const { resolve, seq } of batch) resolve(seq);
    this.#parts.written();
  }

  /** Writes what waits when all that it takes out of the state is in the archive. */
  async #archiveFirst(): Promise<void> {
    this.#held += 1;
    try {
      await this.#parts.archive.keep(this.#leaving.splice(0));
    } catch (error) {
      this.fail(error);
    }
    this.#held -= 1;
    this.#archiving = null;
    this.#flush();
  }
}
