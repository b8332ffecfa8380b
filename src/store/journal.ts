import type { Tail } from '../ports/files.ts';
import type { Place } from './place.ts';
import { fileMode } from './records.ts';
import { createSegment, segmentPath } from './segment.ts';

/** The open end of the journal. */
export class Journal {
  readonly #place: Place;
  #number: number;
  #tail: Tail;

  constructor(place: Place, number: number) {
    this.#place = place;
    this.#number = number;
    this.#tail = place.files.openTail(segmentPath(place.folder, number), fileMode);
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
    const next = this.#number + 1;
    const tail = await this.#begin(next, after);
    this.#tail.close();
    this.#tail = tail;
    this.#number = next;
  }

  async #begin(number: number, after: number): Promise<Tail> {
    const { files, folder } = this.#place;
    const path = segmentPath(folder, number);
    const made = createSegment(this.#place, number, after);
    try {
      if (await made) return files.openTail(path, fileMode);
    } catch (error) {
      // Left there, it would say that nothing after this number counts in the old file.
      try {
        if (files.stands(path)) await files.unlink(path);
      } catch (stuck) {
        throw new StrayedSegment(path, { cause: stuck });
      }
      throw error;
    }
    throw new StrayedSegment(path);
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
