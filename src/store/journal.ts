import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileMode } from './records.ts';
import { createSegment, segmentPath } from './segment.ts';

/** The two calls that durability hangs on, replaceable where a test or a simulator plays a failing disk. */
export interface Disk {
  /** Writes all bytes at the end of an open file, or throws. */
  write(fd: number, bytes: Buffer): void;
  /** Returns when the file's data is on disk, or throws. */
  sync(fd: number): void;
}

/** Synchronous on purpose: for a lone append the thread pool's round trip costs more than it frees. */
export const realDisk: Disk = {
  write(fd, bytes) {
    let done = 0;
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  },
  sync: fdatasyncSync,
};

/** The open end of the journal. */
export class Journal {
  readonly #folder: string;
  readonly #disk: Disk;
  #number: number;
  #fd: number;

  constructor(folder: string, number: number, disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
    this.#number = number;
    this.#fd = openSync(segmentPath(folder, number), 'a', fileMode);
  }

  /** Absolute path of the file that is written now. */
  get path(): string {
    return segmentPath(this.#folder, this.#number);
  }

  get number(): number {
    return this.#number;
  }

  /** Makes sealed lines durable with one sync. After a throw the end of the file is unknown: write no more. */
  append(lines: string): void {
    this.#disk.write(this.#fd, Buffer.from(lines));
    this.#disk.sync(this.#fd);
  }

  /**
   * Goes on in a new file, so that a snapshot makes the old one superfluous. Nothing may be appended meanwhile.
   * After a throw the old file is still the one that counts, unless the error is a `StrayedSegment`.
   */
  async rotate(after: number): Promise<void> {
    const next = this.#number + 1;
    const fd = await this.#begin(next, after);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#number = next;
  }

  async #begin(number: number, after: number): Promise<number> {
    const path = segmentPath(this.#folder, number);
    const made = createSegment(this.#folder, number, after);
    try {
      if (await made) return openSync(path, 'a', fileMode);
    } catch (error) {
      // Left there, it would say that nothing after this number counts in the old file.
      await rm(path, { force: true }).catch((stuck: unknown) => {
        throw new StrayedSegment(path, { cause: stuck });
      });
      throw error;
    }
    throw new StrayedSegment(path);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** A journal file that must not be there; what is appended to the one before it would be lost. */
export class StrayedSegment extends Error {
  constructor(path: string, options?: ErrorOptions) {
    super(`${path} must not be there`, options);
    this.name = 'StrayedSegment';
  }
}
