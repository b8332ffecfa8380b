import { type FileHandle, open } from 'node:fs/promises';

const fileLimit = 2 << 20;

/**
 * The output file of one check, at most about 2 MB. The beginning is written as it comes, so that a person can follow;
 * of what comes after that the end is kept, because that is where most tools say what is wrong.
 */
export class OutputFile {
  readonly #handle: FileHandle;
  readonly #limit: number;
  #written = 0;
  #dropped = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #last: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle, limit: number) {
    this.#handle = handle;
    this.#limit = limit;
  }

  static async create(file: string, limit = fileLimit): Promise<OutputFile> {
    return new OutputFile(await open(file, 'w', 0o600), limit);
  }

  /** In call order; a failed write is told by `close`. */
  write(piece: Buffer): void {
    const room = Math.max(0, Math.floor(this.#limit / 2) - this.#written);
    const head = piece.subarray(0, room);
    if (head.length > 0) {
      this.#written += head.length;
      this.#append(head);
    }
    if (head.length < piece.length) this.#keepEnd(piece.subarray(head.length));
  }

  async close(): Promise<void> {
    try {
      if (this.#dropped > 0) {
        this.#append(Buffer.from(`\n... ${String(this.#dropped)} bytes of output were cut here ...\n`));
      }
      for (const piece of this.#tail) this.#append(piece);
      await this.#last;
    } finally {
      await this.#handle.close();
    }
  }

  #append(piece: Buffer): void {
    const before = this.#last;
    this.#last = before.then(() => this.#handle.writeFile(piece));
    // Told by `close`; unhandled here it would end the process.
    this.#last.catch(() => undefined);
  }

  #keepEnd(piece: Buffer): void {
    this.#tail.push(piece);
    this.#tailBytes += piece.length;
    const room = Math.ceil(this.#limit / 2);
    while (this.#tailBytes > room) {
      const [first] = this.#tail;
      if (first === undefined) return;
      const over = this.#tailBytes - room;
      const gone = Math.min(over, first.length);
      if (gone === first.length) this.#tail.shift();
      else this.#tail[0] = first.subarray(gone);
      this.#tailBytes -= gone;
      this.#dropped += gone;
    }
  }
}

/** The last `maxBytes` of an output, from the beginning of a line; null when the file is gone. */
export async function readOutput(file: string, maxBytes: number): Promise<string | null> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const end = buffer.subarray(0, bytesRead);
    if (start === 0) return end.toString('utf8');
    const line = end.indexOf(0x0a) + 1;
    return `... ${String(start + line)} bytes before this ...\n${end.subarray(line).toString('utf8')}`;
  } finally {
    await handle.close();
  }
}
