import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../ports/clock.ts';
import type { Notice } from '../ports/notices.ts';
import type { Facts } from '../town/reason.ts';
import { damaged } from './problems.ts';
import { codeOf, fileMode } from './records.ts';

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

/** The feed on disk: one JSON line a notice, not synced, rotated once so that it never grows without end. */
export class Feed {
  readonly #path: string;
  readonly #previous: string;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  #fd: number | null = null;
  #size = 0;
  /** Lines that could not be written since the last time this was said, and why. */
  #lost: { readonly count: number; readonly message: string } | null = null;

  constructor(folder: string, maxBytes: number, clock: Clock) {
    this.#path = join(folder, 'feed.jsonl');
    this.#previous = join(folder, 'feed.1.jsonl');
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** Never throws: a line that cannot be written is counted, and `recent` says how many there were. */
  write(notice: Notice): void {
    const line = Buffer.from(`${JSON.stringify(notice)}\n`);
    try {
      if (this.#fd !== null && this.#size + line.length > this.#maxBytes) this.#rotate();
      const fd = this.#open();
      this.#size += writeSync(fd, line);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#lost = { count: (this.#lost?.count ?? 0) + 1, message };
    }
  }

  /** The newest notices, oldest of them first, then what there is to say about lines that are missing. */
  async recent(limit: number): Promise<readonly Notice[]> {
    const newestFirst: Notice[] = [];
    const news: Notice[] = [];
    for (const path of [this.#path, this.#previous]) {
      const unreadable = await this.#readInto(newestFirst, path, limit);
      if (unreadable > 0) news.push(this.#about('feed.unreadable', { count: unreadable, path }));
    }
    if (this.#lost !== null) news.push(this.#about('feed.not_written', { ...this.#lost }));
    return [...newestFirst.reverse(), ...news];
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #open(): number {
    if (this.#fd !== null) return this.#fd;
    const fd = openSync(this.#path, 'a+', fileMode);
    this.#fd = fd;
    this.#size = fstatSync(fd).size;
    const last = Buffer.alloc(1);
    // A crash may have torn the last line; the next one must not run into it.
    if (this.#size > 0 && readSync(fd, last, 0, 1, this.#size - 1) === 1 && last.toString() !== '\n') {
      this.#size += writeSync(fd, '\n');
    }
    return fd;
  }

  #rotate(): void {
    this.close();
    renameSync(this.#path, this.#previous);
  }

  /** Returns how many lines could not be read on the way to enough good ones. */
  async #readInto(newestFirst: Notice[], path: string, limit: number): Promise<number> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return '';
      throw damaged(path, 'it cannot be read', error);
    });
    let unreadable = 0;
    for (const line of text.split('\n').reverse()) {
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
