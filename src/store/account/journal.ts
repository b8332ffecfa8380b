import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type AccountEvent, type AccountState, emptyAccount, foldAccount } from '../../town/account.ts';
import type { Instant } from '../../town/ids.ts';
import { createDurably, draftSuffix } from '../../system/durableFile.ts';
import { codeOf } from '../../system/errorCode.ts';
import { bytesIfThere } from '../../system/readIfThere.ts';
import { unlinkIfThere } from '../../system/unlinkIfThere.ts';
import type { Place } from '../place.ts';
import { fileMode } from '../records.ts';
import { hidesSealedLine, seal, unseal } from '../sealedLine.ts';
import { appendFailed, damaged, notWritable } from './problems.ts';
import { accountSchema, eventVersion, headerOf, lineOf } from './records.ts';

/** How far a journal goes. */
export interface Mark {
  readonly segment: number;
  readonly bytes: number;
}

/** The account as a file of the journal tells it. */
export interface Recalled extends Mark {
  readonly path: string;
  readonly state: AccountState;
  readonly seq: number;
  readonly lines: number;
  /** Up to the end of the last good line, and the CRC-32 of these bytes. */
  readonly bytes: number;
  readonly crc: number;
  /** What stands behind the last good line: it was never acknowledged, or is being written now. */
  readonly torn: Buffer | null;
  /** A good last line lacks its newline. */
  readonly ragged: boolean;
}

/**
 * The journal of the account. Only its newest file counts, and its first line holds everything before it. So beginning
 * a file is how the journal stays short, how a torn end is left behind, and how a process that was passed over is shut
 * out: a file bears the number of the turn that began it, so what such a process still begins is older than what counts,
 * and it appends only to files that are older than its own turn.
 */
export class AccountJournal {
  readonly #place: Place;
  #last: Recalled | null = null;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Reads what is new since the last time. Throws AccountError `damaged` or `newer_schema`; changes nothing. */
  async read(): Promise<Recalled> {
    for (;;) {
      const segment = segmentsIn(await this.#names()).at(-1);
      const path = pathOf(this.#place.folder, segment ?? 0);
      if (segment === undefined) throw damaged(path, 'it is missing');
      const bytes = await this.#bytesOf(path);
      // It was superseded twice since we looked.
      if (bytes === null) continue;
      const last = this.#last?.segment === segment ? this.#last : null;
      const recalled = last === null ? begun(path, segment, bytes) : goneOn(last, bytes);
      // A line without its newline may be one that is being written: it is looked at again.
      if (!recalled.ragged) this.#last = recalled;
      return recalled;
    }
  }

  /** How far the journal is written; null when nobody can tell. */
  async mark(): Promise<Mark | null> {
    try {
      const segment = segmentsIn(await this.#names()).at(-1);
      if (segment === undefined) return null;
      const bytes = await this.#bytesOf(pathOf(this.#place.folder, segment));
      return bytes === null ? null : { segment, bytes: bytes.length };
    } catch {
      // Who waits for a change is told what is wrong by the next thing it asks for.
      return null;
    }
  }

  /** Makes one step durable behind what was read. Throws AccountError; the end of the file is unknown then. */
  append({ path, seq }: Recalled, at: Instant, events: readonly AccountEvent[]): void {
    const { files } = this.#place;
    // Opened anyway it would be made anew, without its beginning.
    if (!files.stands(path)) throw damaged(path, 'it is gone');
    const line = seal({ v: eventVersion, seq: seq + 1, at, events });
    try {
      const tail = files.openTail(path, fileMode);
      try {
        tail.write(Buffer.from(line));
        tail.sync();
      } finally {
        tail.close();
      }
    } catch (error) {
      throw appendFailed(path, error);
    }
  }

  /**
   * Begins the file of a turn with the state after `events`. False: another, who was passed over, came between; read
   * again. The file before is kept until the next time, and what was torn off it for good.
   */
  async begin(before: Recalled, segment: number, events: readonly AccountEvent[]): Promise<boolean> {
    const { files, folder } = this.#place;
    const path = pathOf(folder, segment);
    try {
      if (before.torn !== null) await this.#keep(before, before.torn);
      const seq = before.seq + (events.length > 0 ? 1 : 0);
      const header = headerLine(segment, seq, events.reduce(foldAccount, before.state));
      return await createDurably(path, header, { mode: fileMode, files });
    } catch (error) {
      // Who was passed over and does not know it yet may tidy away what is being made here.
      if (codeOf(error) === 'ENOENT') return false;
      throw appendFailed(path, error);
    }
  }

  /** Removes what no reader needs. To be called by who has the turn. */
  async tidy(): Promise<void> {
    const names = await this.#names();
    const superseded = new Set(segmentsIn(names).slice(0, -2));
    for (const name of names) {
      const number = segmentOf(name);
      // Those who make the account for the first time have no turn yet.
      const draft = name.endsWith(draftSuffix) && !/^(journal-0|account)\./.test(name);
      if (draft || (number !== null && superseded.has(number)))
        await unlinkIfThere(this.#place.files, join(this.#place.folder, name));
    }
  }

  async #keep({ segment, bytes }: Recalled, torn: Buffer): Promise<void> {
    const path = join(this.#place.folder, `torn-${String(segment)}-${String(bytes)}`);
    // Kept by an earlier try that came no further, it is there already.
    await createDurably(path, torn, { mode: fileMode, files: this.#place.files });
  }

  #names(): Promise<readonly string[]> {
    return this.#place.files.list(this.#place.folder).catch((error: unknown) => {
      throw damaged(pathOf(this.#place.folder, 0), 'its folder cannot be read', error);
    });
  }

  async #bytesOf(path: string): Promise<Buffer | null> {
    return bytesIfThere(path, this.#place.files).catch((error: unknown) => {
      throw damaged(path, 'it cannot be read', error);
    });
  }
}

/** Makes the first file of a new account; one that is there, or a later one, is left as it is. */
export async function beginJournal({ files, folder }: Place): Promise<void> {
  const path = pathOf(folder, 0);
  try {
    if (segmentsIn(await files.list(folder)).length > 0) return;
    await createDurably(path, headerLine(0, 0, emptyAccount), { mode: fileMode, files });
  } catch (error) {
    throw notWritable(path, error);
  }
}

function headerLine(segment: number, seq: number, state: AccountState): string {
  return seal({ schema: accountSchema, segment, seq, state });
}

function pathOf(folder: string, segment: number): string {
  return join(folder, `journal-${String(segment)}.jsonl`);
}

function segmentOf(name: string): number | null {
  const number = /^journal-(\d+)\.jsonl$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/** Numbers of the journal's files among the names of a folder, ascending. */
export function segmentsIn(names: readonly string[]): readonly number[] {
  return names.flatMap((name) => segmentOf(name) ?? []).sort((a, b) => a - b);
}

function begun(path: string, segment: number, bytes: Buffer): Recalled {
  const end = bytes.indexOf(newline);
  // The file was made whole before it got its name, so this is no crash.
  if (end === -1) throw damaged(path, 'it has no first line');
  const header = headerOf(path, bytes.subarray(0, end));
  if (header.segment !== segment)
    throw damaged(path, `it says of itself that it is number ${header.segment}`);
  const { state, seq } = header;
  return goOn(
    { segment, path, state, seq, lines: 0, bytes: end + 1, crc: 0, torn: null, ragged: false },
    bytes,
  );
}

function goneOn(last: Recalled, bytes: Buffer): Recalled {
  if (bytes.length < last.bytes || crc32(bytes.subarray(0, last.bytes)) !== last.crc)
    throw damaged(last.path, 'what was read of it before has changed');
  return goOn(last, bytes);
}

const newline = 0x0a;

function goOn(from: Recalled, bytes: Buffer): Recalled {
  const { path } = from;
  let { state, seq, lines, bytes: at } = from;
  const take = (end: number): void => {
    seq += 1;
    state = lineOf(path, bytes.subarray(at, end), seq).events.reduce(foldAccount, state);
    lines += 1;
  };
  for (let end = bytes.indexOf(newline, at); end !== -1; end = bytes.indexOf(newline, at)) {
    take(end);
    at = end + 1;
  }
  const rest = bytes.subarray(at);
  const ragged = unseal(rest) !== undefined;
  if (ragged) {
    take(bytes.length);
    at = bytes.length;
  } else if (hidesSealedLine(rest)) throw damaged(path, 'a good line runs into what follows it');
  const torn = at < bytes.length ? rest : null;
  return { ...from, state, seq, lines, bytes: at, crc: crc32(bytes.subarray(0, at)), torn, ragged };
}
