import { basename, join } from 'node:path';
import * as v from 'valibot';
import { createDurably } from '../system/durableFile.ts';
import type { TownEvent } from '../town/state.ts';
import type { Place } from './place.ts';
import { damaged } from './problems.ts';
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
  readonly events: readonly TownEvent[];
}

export interface Segment {
  readonly path: string;
  readonly header: Header;
  readonly transactions: readonly Transaction[];
  /** Sequence number of the last good line; the header's `after` when there is none. */
  readonly last: number;
  /** Bytes up to the end of the last good line, its newline not counted when it lacks one. */
  readonly goodBytes: number;
  readonly lacksNewline: boolean;
  /** What a crash left behind the last good line. It was never acknowledged. */
  readonly torn: Buffer | null;
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
export async function createSegment(place: Place, number: number, after: number): Promise<boolean> {
  const header = seal({ schema: storeSchema, segment: number, after });
  return createDurably(segmentPath(place.folder, number), header, { mode: fileMode, files: place.files });
}

/** Reads one file of the journal. Throws StoreError `damaged` or `newer_schema`; changes nothing. */
export async function readSegment({ files, folder }: Place, number: number): Promise<Segment> {
  const path = segmentPath(folder, number);
  const bytes = await files.read(path).catch((error: unknown) => {
    throw damaged(path, 'it cannot be read', error);
  });
  return parseSegment(path, number, bytes);
}

export function parseSegment(path: string, number: number, bytes: Buffer): Segment {
  const reader = new Lines(path, bytes);
  const header = parseRecord(path, reader.next('its first line'), headerSchema);
  if (header.segment !== number) throw damaged(path, `it says of itself that it is number ${header.segment}`);
  const transactions: Transaction[] = [];
  let last = header.after;
  while (reader.more()) {
    const transaction = asTransaction(path, reader.next(`the line of number ${last + 1}`));
    if (transaction.seq !== last + 1) {
      throw damaged(path, `number ${transaction.seq} stands where ${last + 1} should be`);
    }
    transactions.push(transaction);
    last = transaction.seq;
  }
  const torn = reader.rest();
  return { path, header, transactions, last, goodBytes: reader.at, lacksNewline: reader.lacksNewline, torn };
}

/** What was sealed was written by us, so a wrong shape is another program's doing or a bug. */
function asTransaction(path: string, value: unknown): Transaction {
  const result = v.safeParse(transactionSchema, value);
  if (!result.success) throw damaged(path, `a line of ${basename(path)} is no transaction`);
  // That each event is of a kind this Rigs knows is seen when it is folded.
  return result.output as unknown as Transaction;
}

const newline = 0x0a;

/** Walks over sealed lines and tells a tail that a crash tore from damage. */
class Lines {
  readonly #path: string;
  readonly #bytes: Buffer;
  at = 0;
  lacksNewline = false;

  constructor(path: string, bytes: Buffer) {
    this.#path = path;
    this.#bytes = bytes;
  }

  /** Whether another whole line follows; one that lacks only its newline counts. */
  more(): boolean {
    if (this.lacksNewline || this.at >= this.#bytes.length) return false;
    return this.#end() !== -1 || unseal(this.#bytes.subarray(this.at)) !== undefined;
  }

  next(what: string): unknown {
    const end = this.#end();
    const value = unseal(this.#bytes.subarray(this.at, end === -1 ? this.#bytes.length : end));
    // A crash leaves no newline behind half a line, so a whole line with a broken seal was changed later.
    if (value === undefined) throw damaged(this.#path, `${what} is not what was written`);
    this.lacksNewline = end === -1;
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
