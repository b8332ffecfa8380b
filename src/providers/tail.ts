import { type Hash, createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/clock.ts';
import { codeOf } from '../system/errorCode.ts';

export interface FollowOptions {
  readonly clock?: Clock;
  /** Pause between two looks at the file, in ms. */
  readonly everyMs?: number;
}

const pieceBytes = 256 * 1024;
/** A longer line is no row of any vendor; it is passed over without being kept. */
const longestLineBytes = 32 * 1024 * 1024;
const newline = 0x0a;

/**
 * Hands over each row of a file of JSON lines, those that are there and those that come, once each and in order, until
 * aborted. It waits for the file to appear; a last line is read when its end is written; what is no JSON is passed
 * over. A file that takes this one's place is read from its start, or from where this one was when it begins with the
 * same bytes. Rejects when the system does not let the file be read, and with what `onRow` throws.
 */
export async function followJsonl(
  file: string,
  onRow: (row: unknown) => void,
  signal: AbortSignal,
  { clock = systemClock, everyMs = 500 }: FollowOptions = {},
): Promise<void> {
  let tail: Tail | null = null;
  const over = (): boolean => signal.aborted;
  try {
    while (!over()) {
      tail ??= await opened(file, null);
      if (tail !== null) {
        await tail.read(onRow, over);
        if (await tail.isReplaced(file)) {
          // Once more: what came between the last read and the replacement stands in the old one.
          await tail.read(onRow, over);
          const next: Tail | null = await opened(file, tail);
          await tail.close();
          tail = next;
          if (tail !== null) continue;
        }
      }
      await pause(clock, everyMs, signal);
    }
  } finally {
    await tail?.close();
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Null when there is no such file (yet, or any more). */
async function opened(file: string, former: Tail | null): Promise<Tail | null> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const tail = new Tail(handle);
  if (former !== null) await tail.goOnAfter(former);
  return tail;
}

/** An open file, read up to the end of its last whole line. */
class Tail {
  readonly #handle: FileHandle;
  #lines = new Lines();
  /** Bytes that were read, and what they were. */
  #offset = 0;
  #seen: Hash = createHash('sha256');

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(onRow: (row: unknown) => void, over: () => boolean): Promise<void> {
    if ((await this.#handle.stat()).size < this.#offset) this.#begin();
    const buffer = Buffer.alloc(pieceBytes);
    while (!over()) {
      const { bytesRead } = await this.#handle.read(buffer, 0, pieceBytes, this.#offset);
      if (bytesRead === 0) return;
      const piece = Buffer.from(buffer.subarray(0, bytesRead));
      this.#offset += bytesRead;
      this.#seen.update(piece);
      for (const line of this.#lines.after(piece)) {
        const row = parsed(line);
        if (row !== undefined && !over()) onRow(row);
      }
    }
  }

  async isReplaced(file: string): Promise<boolean> {
    const own = await this.#handle.stat({ bigint: true });
    try {
      const there = await stat(file, { bigint: true });
      return there.ino !== own.ino || there.dev !== own.dev;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return true;
      throw error;
    }
  }

  /** A rewritten file holds the rows again that were handed over already. */
  async goOnAfter(former: Tail): Promise<void> {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(pieceBytes);
    let at = 0;
    while (at < former.#offset) {
      const wanted = Math.min(pieceBytes, former.#offset - at);
      const { bytesRead } = await this.#handle.read(buffer, 0, wanted, at);
      if (bytesRead === 0) return;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    if (hash.copy().digest('hex') !== former.#seen.copy().digest('hex')) return;
    this.#offset = at;
    this.#seen = hash;
    this.#lines = former.#lines;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #begin(): void {
    this.#offset = 0;
    this.#seen = createHash('sha256');
    this.#lines = new Lines();
  }
}

/** Cuts bytes into lines; bytes and not text, because a character may be cut in two as well. */
class Lines {
  #pending: Buffer[] = [];
  #length = 0;

  *after(piece: Buffer): Generator<Buffer> {
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      this.#keep(piece.subarray(start, end));
      const line = this.#length > longestLineBytes ? null : Buffer.concat(this.#pending);
      this.#pending = [];
      this.#length = 0;
      start = end + 1;
      if (line !== null) yield line;
    }
    this.#keep(piece.subarray(start));
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length > longestLineBytes) this.#pending = [];
    else if (bytes.length > 0) this.#pending.push(bytes);
  }
}

/** Undefined, which JSON does not know, for a line that cannot be read. */
function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The file that was written last among those whose path inside the folder (with `/`) is wanted; null when there is none
 * or no such folder. `depth`: how many levels of folders are looked into. Rejects when a folder may not be read.
 */
export async function newestFile(
  folder: string,
  wanted: (name: string) => boolean,
  depth = 0,
): Promise<string | null> {
  let newest: { readonly file: string; readonly at: bigint } | null = null;
  for (const name of await namesIn(folder, '', depth)) {
    if (!wanted(name)) continue;
    const file = path.join(folder, name);
    const at = await writtenAt(file);
    if (at !== null && (newest === null || at > newest.at)) newest = { file, at };
  }
  return newest?.file ?? null;
}

async function namesIn(folder: string, inside: string, depth: number): Promise<readonly string[]> {
  try {
    const entries = await readdir(path.join(folder, inside), { withFileTypes: true });
    const found = await Promise.all(
      entries.map(async (entry) => {
        const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
        if (!entry.isDirectory()) return [name];
        return depth > 0 ? namesIn(folder, name, depth - 1) : [];
      }),
    );
    return found.flat();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** In ns; null for what went meanwhile or is no file. */
async function writtenAt(file: string): Promise<bigint | null> {
  try {
    const found = await stat(file, { bigint: true });
    return found.isFile() ? found.mtimeNs : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
