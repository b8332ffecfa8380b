import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../ports/clock.ts';
import type { Tail } from '../ports/files.ts';
import type { Notice } from '../ports/notices.ts';
import type { StoreError } from '../ports/store.ts';
import type { Facts } from '../town/reason.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { alreadyClosed, damaged, fenced } from './problems.ts';
import type { Place } from './place.ts';
import { fileMode } from './records.ts';

const facts = v.record(
  v.string(),
  v.union([v.string(), v.number(), v.boolean(), v.array(v.string()), v.null()]),
);
const code = v.pipe(v.string(), v.regex(/^[a-z_.]{1,64}$/));
const noticeSchema = v.object({
  at: v.pipe(v.number(), v.finite()),
  level: v.picklist(['info', 'good', 'warning', 'error']),
  what: code,
  facts,
  why: v.nullable(v.object({ code, facts })),
  kind: v.picklist(['bead', 'agent', 'check', 'landing', 'town']),
  bead: v.nullable(v.string()),
  polecat: v.nullable(v.string()),
  request: v.nullable(v.string()),
});

export interface FeedParts {
  readonly place: Place;
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Whether the files of the feed are this process's own at this moment. */
  readonly mayRotate: () => boolean;
}

/** The feed on disk: one JSON line a notice, not synced, rotated once so that it never grows without end. */
export class Feed {
  readonly #place: Place;
  readonly #path: string;
  readonly #previous: string;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #mayRotate: () => boolean;
  #tail: Tail | null = null;
  /** Bytes of the file that is written now; null until somebody looked. */
  #size: number | null = null;
  /** Lines that wait until it is known how large the file is, or until it is rotated. */
  #held: Buffer[] = [];
  #settling: Promise<void> | null = null;
  /** Lines that could not be written since the last time this was said, and why. */
  #lost: { readonly count: number; readonly message: string } | null = null;
  /** Why nothing is written any more. */
  #ended: StoreError | null = null;

  constructor({ place, clock, maxBytes, mayRotate }: FeedParts) {
    this.#place = place;
    this.#path = join(place.folder, 'feed.jsonl');
    this.#previous = join(place.folder, 'feed.1.jsonl');
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#mayRotate = mayRotate;
  }

  /** Never throws: a line that cannot be written is counted, and `recent` says how many there were. */
  write(notice: Notice): void {
    const line = Buffer.from(`${JSON.stringify(notice)}\n`);
    if (this.#ended !== null) this.#lose(this.#ended);
    else if (this.#settling === null && this.#fits(line)) this.#put(line);
    else this.#hold(line);
  }

  /** The newest notices, oldest of them first, then what there is to say about lines that are missing. */
  async recent(limit: number): Promise<readonly Notice[]> {
    await this.#settling;
    const newestFirst: Notice[] = [];
    const news: Notice[] = [];
    for (const path of [this.#path, this.#previous]) {
      const unreadable = await this.#readInto(newestFirst, path, limit);
      if (unreadable > 0) news.push(this.#about('feed.unreadable', { count: unreadable, path }));
    }
    if (this.#lost !== null) news.push(this.#about('feed.not_written', { ...this.#lost }));
    return [...newestFirst.reverse(), ...news];
  }

  /** From here on nothing is written or renamed, not even what is held. */
  end(why: StoreError): void {
    this.#ended ??= why;
  }

  /** Writes what is held, and nothing that comes later. */
  async close(): Promise<void> {
    while (this.#settling !== null) await this.#settling;
    this.end(alreadyClosed(this.#place.folder));
    this.#tail?.close();
    this.#tail = null;
  }

  #fits(line: Buffer): boolean {
    return this.#size !== null && (this.#size === 0 || this.#size + line.length <= this.#maxBytes);
  }

  #put(line: Buffer): void {
    try {
      if (this.#ended !== null) throw this.#ended;
      this.#tail ??= this.#place.files.openTail(this.#path, fileMode);
      this.#tail.write(line);
      this.#size = (this.#size ?? 0) + line.length;
    } catch (error) {
      this.#lose(error);
    }
  }

  #lose(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#lost = { count: (this.#lost?.count ?? 0) + 1, message };
  }

  #hold(line: Buffer): void {
    this.#held.push(line);
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = null;
    });
  }

  /** Writes what is held, in order, rotating where a line does not fit. */
  async #settle(): Promise<void> {
    for (let line = this.#held.shift(); line !== undefined; line = this.#held.shift()) {
      try {
        if (this.#ended !== null) throw this.#ended;
        if (this.#size === null) await this.#measure();
        if (!this.#fits(line)) await this.#rotate();
      } catch (error) {
        this.#lose(error);
        continue;
      }
      this.#put(line);
    }
  }

  async #measure(): Promise<void> {
    const bytes = await this.#bytesOf(this.#path);
    this.#size = bytes.length;
    // A crash may have torn the last line; the next one must not run into it.
    if (bytes.length > 0 && bytes.at(-1) !== newline) this.#put(Buffer.from('\n'));
  }

  async #rotate(): Promise<void> {
    if (this.#ended !== null) throw this.#ended;
    // A former owner that does not know yet would rename what its successor writes.
    if (!this.#mayRotate()) throw fenced(this.#path);
    this.#tail?.close();
    this.#tail = null;
    this.#size = null;
    await this.#place.files.rename(this.#path, this.#previous);
    this.#size = 0;
  }

  async #bytesOf(path: string): Promise<Buffer> {
    try {
      return (await bytesIfThere(path, this.#place.files)) ?? Buffer.alloc(0);
    } catch (error) {
      throw damaged(path, 'it cannot be read', error);
    }
  }

  /** Returns how many lines could not be read on the way to enough good ones. */
  async #readInto(newestFirst: Notice[], path: string, limit: number): Promise<number> {
    let unreadable = 0;
    for (const line of (await this.#bytesOf(path)).toString().split('\n').reverse()) {
      if (newestFirst.length >= limit) break;
      if (line === '') continue;
      const notice = parse(line);
      if (notice === null) unreadable += 1;
      else newestFirst.push(notice);
    }
    return unreadable;
  }

  #about(what: 'feed.unreadable' | 'feed.not_written', facts: Facts): Notice {
    return notice(this.#clock.now(), what, facts);
  }
}

const newline = 0x0a;

/** A warning of the store's own. */
export function notice(at: number, what: Notice['what'], facts: Facts): Notice {
  const nobody = { bead: null, polecat: null, request: null };
  return { at, level: 'warning', what, facts, why: null, kind: 'town', ...nobody };
}

/** Anybody can write into the file, so a line is a notice only when it looks like one to the last member. */
function parse(line: string): Notice | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const result = v.safeParse(noticeSchema, value);
  return result.success ? (result.output as Notice) : null;
}
