import { open, truncate } from 'node:fs/promises';
import { codeOf } from '../../system/errorCode.ts';
import type { Instant } from '../../town/ids.ts';
import { isJson, jsonOf, textOf } from './json.ts';

/** How a request ended. */
export interface Asked {
  /** Null: it was answered. */
  readonly refused: { readonly status: number | null; readonly said: string } | null;
  /** NaN where it does not say. */
  readonly at: Instant;
}

/** A longer record is none that is wanted here. */
const longestRecord = 1_048_576;
const wanted = /"gemini_cli\.api_(?:error|response)"/;

/** The records about requests in telemetry that comes in pieces: objects one after the other, each over many lines. */
export class Records {
  #rest = '';
  #lines: string[] | null = null;
  #length = 0;

  after(piece: string): readonly Asked[] {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    const found: Asked[] = [];
    for (const line of lines) {
      // Nested braces are indented; only a record's own stand at the beginning.
      if (line === '{') this.#begin();
      this.#keep(line);
      if (line === '}' && this.#lines !== null) {
        const asked = askedIn(this.#lines.join('\n'));
        if (asked !== null) found.push(asked);
        this.#lines = null;
      }
    }
    if (this.#rest.length > longestRecord) this.#rest = '';
    return found;
  }

  #begin(): void {
    this.#lines = [];
    this.#length = 0;
  }

  #keep(line: string): void {
    this.#length += line.length;
    if (this.#length > longestRecord) this.#lines = null;
    else this.#lines?.push(line);
  }
}

function askedIn(text: string): Asked | null {
  if (!wanted.test(text)) return null;
  const { attributes } = jsonOf(parsed(text));
  if (!isJson(attributes)) return null;
  const at = Date.parse(textOf(attributes['event.timestamp']) ?? '');
  if (attributes['event.name'] === 'gemini_cli.api_response') return { refused: null, at };
  if (attributes['event.name'] !== 'gemini_cli.api_error') return null;
  const status = attributes['status_code'];
  const said = textOf(attributes['error.message']) ?? textOf(attributes['error']) ?? '';
  return { refused: { status: typeof status === 'number' ? status : null, said }, at };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The program writes six kilobytes a second even when nothing is done; this much may lie on the disk. */
const mostBytes = 1_048_576;
const pieceBytes = 262_144;

/** A telemetry file that is read as it grows, and emptied when it is long. */
export class TelemetryTail {
  readonly #file: string;
  readonly #mostBytes: number;
  #offset = 0;
  #records = new Records();

  constructor(file: string, most = mostBytes) {
    this.#file = file;
    this.#mostBytes = most;
  }

  /** What came since the last call; nothing as long as there is no such file. */
  async read(): Promise<readonly Asked[]> {
    let handle;
    try {
      handle = await open(this.#file, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
    const found: Asked[] = [];
    try {
      if ((await handle.stat()).size < this.#offset) this.#begin();
      const buffer = Buffer.alloc(pieceBytes);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, pieceBytes, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        // A character cut in two spoils one text within one record; every brace and name around it is whole.
        found.push(...this.#records.after(buffer.toString('utf8', 0, bytesRead)));
      }
    } finally {
      await handle.close();
    }
    if (this.#offset > this.#mostBytes) await this.#empty();
    return found;
  }

  /** The program only ever appends (`flags: 'a'`, 0.61.0), so what it writes next stands at the beginning. */
  async #empty(): Promise<void> {
    await truncate(this.#file, 0);
    this.#begin();
  }

  #begin(): void {
    this.#offset = 0;
    this.#records = new Records();
  }
}
