import { basename, join } from 'node:path';
import * as v from 'valibot';
import { StoreError } from '../ports/store.ts';
import { createDurably } from '../system/durableFile.ts';
import { type StoredEvent, eventsVersion } from '../town/upcast.ts';
import type { Place } from './place.ts';
import { damaged, newerSchema, unreadable } from './problems.ts';
import {
  type Header,
  fileMode,
  headerSchema,
  parseRecord,
  storeSchema,
  transactionSchema,
} from './records.ts';
import { hidesSealedLine, seal, unseal } from './sealedLine.ts';

/** One line of the journal: what happened together, or not at all. */
export interface Transaction {
  readonly seq: number;
  readonly at: number;
  /** Version of the events. */
  readonly v: number;
  readonly events: readonly StoredEvent[];
}

/** A file of the journal of which only the first line was looked at. */
export interface Unread {
  readonly path: string;
  readonly number: number;
  readonly header: Header;
  readonly bytes: Buffer;
  /** Where the second line begins. */
  readonly start: number;
}

export interface Segment {
  readonly path: string;
  readonly number: number;
  readonly header: Header;
  readonly transactions: readonly Transaction[];
  /** Sequence number of the last good line that counts; the header's `after` when there is none. */
  readonly last: number;
  /** What a crash left behind the last good line. It was never acknowledged. */
  readonly torn: Buffer | null;
  /** What is wrong behind the last good line, where lines behind it count. */
  readonly damage: StoreError | null;
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `journal-${String(number)}.jsonl`);
}

/** Numbers of the journal's files among the names of a folder, ascending. */
export function segmentNumbers(names: readonly string[]): readonly number[] {
  const numbers = names.flatMap((name) => /^journal-(\d+)\.jsonl$/.exec(name)?.[1] ?? []);
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Begins a file of the journal; false when it is there already. */
export async function createSegment(place: Place, header: Omit<Header, 'schema'>): Promise<boolean> {
  const { files, folder } = place;
  const line = seal({ schema: storeSchema, ...header });
  return createDurably(segmentPath(folder, header.segment), line, { mode: fileMode, files });
}

/** Reads one file of the journal. Throws StoreError; changes nothing. */
export async function openSegment({ files, folder }: Place, number: number): Promise<Unread> {
  const path = segmentPath(folder, number);
  const bytes = await files.read(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return parseHeader(path, number, bytes);
}

/** Throws StoreError `damaged` or `newer_schema`. */
export function parseHeader(path: string, number: number, bytes: Buffer): Unread {
  const lines = new Lines(path, bytes, 0);
  const header = parseRecord(path, lines.next('its first line'), headerSchema);
  if (header.segment !== number) throw damaged(path, `it says of itself that it is number ${header.segment}`);
  return { path, number, header, bytes, start: lines.at };
}

/**
 * The lines up to the number `limit`; what stands behind it was written by a former owner after it had lost the rig
 * and is not even looked at. Throws StoreError `newer_schema` only: damage is part of what was found.
 */
export function parseSegment({ path, number, header, bytes, start }: Unread, limit = Infinity): Segment {
  const lines = new Lines(path, bytes, start);
  const transactions: Transaction[] = [];
  let last = header.after;
  let torn: Buffer | null = null;
  let damage: StoreError | null = null;
  try {
    while (last < limit && lines.more()) {
      transactions.push(asTransaction(path, lines.next(`the line of number ${last + 1}`), last + 1));
      last += 1;
    }
    if (last < limit) torn = lines.rest();
  } catch (error) {
    if (!(error instanceof StoreError) || error.reason !== 'damaged') throw error;
    damage = error;
  }
  return { path, number, header, transactions, last, torn, damage };
}

/** What was sealed was written by us, so a wrong shape is another program's doing or a bug. */
function asTransaction(path: string, value: unknown, seq: number): Transaction {
  const result = v.safeParse(transactionSchema, value);
  if (!result.success) throw damaged(path, `a line of ${basename(path)} is no transaction`);
  const { output } = result;
  if (output.seq !== seq) throw damaged(path, `number ${output.seq} stands where ${seq} should be`);
  if (output.v > eventsVersion) throw newerSchema(path, `number ${seq}: events of version ${output.v}`);
  return output;
}

const newline = 0x0a;

/** Walks over sealed lines and tells a tail that a crash tore from damage. */
class Lines {
  readonly #path: string;
  readonly #bytes: Buffer;
  at: number;

  constructor(path: string, bytes: Buffer, at: number) {
    this.#path = path;
    this.#bytes = bytes;
    this.at = at;
  }

  /** Whether another whole line follows; one that lacks only its newline counts. */
  more(): boolean {
    if (this.at >= this.#bytes.length) return false;
    return this.#end() !== -1 || unseal(this.#bytes.subarray(this.at)) !== undefined;
  }

  next(what: string): unknown {
    const end = this.#end();
    const value = unseal(this.#bytes.subarray(this.at, end === -1 ? this.#bytes.length : end));
    // A crash leaves no newline behind half a line, so a whole line with a broken seal was changed later.
    if (value === undefined) throw damaged(this.#path, `${what} is not what was written`);
    this.at = end === -1 ? this.#bytes.length : end + 1;
    return value;
  }

  rest(): Buffer | null {
    if (this.at >= this.#bytes.length) return null;
    const rest = this.#bytes.subarray(this.at);
    if (hidesSealedLine(rest)) throw damaged(this.#path, 'a good line runs into what follows it');
    return rest;
  }

  #end(): number {
    return this.#bytes.indexOf(newline, this.at);
  }
}
