import type { Tail } from '../ports/files.ts';
import type { Place } from './place.ts';
import { fileMode } from './records.ts';
import { createSegment, openSegment, segmentPath } from './segment.ts';

/** Where a journal goes on. */
export interface JournalEnd {
  readonly epoch: number;
  /** Last number that counts before it. */
  readonly after: number;
  /** Number of the file it follows. */
  readonly previous: number;
  /** Number that its own file gets, or the next one that is free. */
  readonly segment: number;
}

/** The open end of the journal, in files that only their own owner writes. */
export class Journal {
  readonly #place: Place;
  readonly #epoch: number;
  #number: number;
  #tail: Tail;

  private constructor(place: Place, epoch: number, number: number, tail: Tail) {
    this.#place = place;
    this.#epoch = epoch;
    this.#number = number;
    this.#tail = tail;
  }

  /** Begins a new owner's first file. Once it stands, nothing that a former owner adds counts any more. */
  static async begin(place: Place, end: JournalEnd): Promise<Journal> {
    const { epoch, after, previous } = end;
    for (let segment = end.segment; ; segment += 1) {
      // Taken only by a former owner that was beginning a new file when it lost the rig.
      if (!(await createSegment(place, { segment, epoch, after, previous }))) continue;
      return new Journal(
        place,
        epoch,
        segment,
        place.files.openTail(segmentPath(place.folder, segment), fileMode),
      );
    }
  }

  /** Absolute path of the file that is written now. */
  get path(): string {
    return segmentPath(this.#place.folder, this.#number);
  }

  get number(): number {
    return this.#number;
  }

  /** Makes sealed lines durable with one sync. After a throw the end of the file is unknown: write no more. */
  append(lines: string): void {
    this.#tail.write(Buffer.from(lines));
    this.#tail.sync();
  }

  /**
   * Goes on in a new file, so that a snapshot makes the old one superfluous. Nothing may be appended meanwhile.
   * After a throw the old file is still the one that counts, unless the error is a `StrayedSegment`.
   */
  async rotate(after: number): Promise<void> {
    for (let next = this.#number + 1; ; next += 1) {
      const tail = await this.#begin(next, after);
      if (tail === null) continue;
      const former = this.#tail;
      // First of all: what is appended to a file that another one follows counts no more.
      this.#tail = tail;
      this.#number = next;
      try {
        former.close();
      } catch {
        // All that counts in it was synced before it was acknowledged.
      }
      return;
    }
  }

  /** Null: the number is taken by a file of a former owner, which slept while it was opening the rig. */
  async #begin(segment: number, after: number): Promise<Tail | null> {
    const { files, folder } = this.#place;
    const path = segmentPath(folder, segment);
    const made = createSegment(this.#place, { segment, after, epoch: this.#epoch, previous: this.#number });
    try {
      if (await made) return files.openTail(path, fileMode);
    } catch (error) {
      await this.#takeBack(segment, path);
      throw error;
    }
    if ((await openSegment(this.#place, segment)).header.epoch < this.#epoch) return null;
    throw new StrayedSegment(path);
  }

  /** Left there, it would say that nothing after its beginning counts in the old file. */
  async #takeBack(segment: number, path: string): Promise<void> {
    const { files, folder } = this.#place;
    try {
      if (!files.stands(path)) return;
      // By now it may be a successor's.
      if ((await openSegment(this.#place, segment)).header.epoch !== this.#epoch) return;
      await files.unlink(path);
      // Else a power cut could bring it back, behind lines that are acknowledged from here on.
      await files.syncFolder(folder);
    } catch (stuck) {
      throw new StrayedSegment(path, { cause: stuck });
    }
  }

  close(): void {
    this.#tail.close();
  }
}

/** A journal file that must not be there; what is appended to the one before it would be lost. */
export class StrayedSegment extends Error {
  constructor(path: string, options?: ErrorOptions) {
    super(`${path} must not be there`, options);
    this.name = 'StrayedSegment';
  }
}
