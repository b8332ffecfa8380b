import { open } from 'node:fs/promises';
import { codeOf } from '../../system/errorCode.ts';

/** Of a file that grows: what came since the last look. */
export interface Piece {
  /** What was read before does not come before this. */
  readonly anew: boolean;
  /** Bytes of the file's beginning that are left out. */
  readonly skipped: number;
  readonly text: string;
}

/**
 * Reads along a file of text. Of what is more than `most` bytes at once, only the end is read, from the beginning of a
 * line.
 */
export class OutputReader {
  readonly #file: string;
  readonly #most: number;
  #at: number | null = null;
  #skipped = 0;
  #decoder = new TextDecoder();

  constructor(file: string, most: number) {
    this.#file = file;
    this.#most = most;
  }

  /** What is new; null: the file is gone. */
  async read(): Promise<Piece | null> {
    const handle = await open(this.#file, 'r').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return null;
    try {
      const { size } = await handle.stat();
      const anew = this.#at === null || size < this.#at || size - this.#at > this.#most;
      // With the byte before, which says whether a line begins there.
      const start = anew ? Math.max(0, size - this.#most - 1) : (this.#at ?? 0);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
      this.#at = start + bytesRead;
      return this.#piece(buffer.subarray(0, bytesRead), start, anew);
    } finally {
      await handle.close();
    }
  }

  #piece(bytes: Buffer, start: number, anew: boolean): Piece {
    if (!anew) return { anew, skipped: this.#skipped, text: this.#decoder.decode(bytes, { stream: true }) };
    const line = start === 0 ? 0 : Math.max(1, bytes.indexOf(0x0a) + 1);
    this.#skipped = start + line;
    this.#decoder = new TextDecoder();
    return {
      anew,
      skipped: this.#skipped,
      text: this.#decoder.decode(bytes.subarray(line), { stream: true }),
    };
  }
}
