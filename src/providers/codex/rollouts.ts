import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import type { Instant } from '../../town/ids.ts';
import { newestFile } from '../tail.ts';
import { type ThreadStart, threadStart } from './thread.ts';

/** A rollout file with what its first line says. */
export interface Rollout extends ThreadStart {
  readonly file: string;
}

const dayMs = 24 * 3600_000;
/** A name's local time may be read an hour off when the clocks change; the first line is exact. */
const slackMs = 3 * 3600_000;
/** The first line holds the model's instructions: about 20 KB. */
const longestStart = 1024 * 1024;

/** Finds the files of a session's threads in `<CODEX_HOME>/sessions`: new ones by their day and folder, one by its id. */
export class Rollouts {
  readonly #sessions: string;
  readonly #cwd: string;
  readonly #seen = new Set<string>();

  constructor(home: string, cwd: string) {
    this.#sessions = path.join(home, 'sessions');
    this.#cwd = cwd;
  }

  /** Of a thread that is gone on with, however old it is. */
  async resumed(id: string): Promise<Rollout | null> {
    const file = await newestFile(this.#sessions, (name) => name.endsWith(`-${id}.jsonl`), 3);
    if (file === null || this.#seen.has(file)) return null;
    const start = await startOf(file);
    if (start === null) return null;
    this.#seen.add(file);
    return { ...start, file };
  }

  /** Threads of this folder that were begun since that instant and not returned yet. */
  async begunSince(since: Instant, now: Instant): Promise<readonly Rollout[]> {
    const found: Rollout[] = [];
    for (const folder of this.#days(since, now)) {
      for (const name of await namesIn(folder)) {
        const file = path.join(folder, name);
        const begun = begunAt(name);
        if (this.#seen.has(file) || begun === null || begun < since - slackMs) continue;
        const start = await startOf(file);
        // Its first line may not be written yet.
        if (start === null) continue;
        this.#seen.add(file);
        if (start.cwd === this.#cwd && start.begunAt >= since) found.push({ ...start, file });
      }
    }
    return found;
  }

  /** The days are those of the machine's own time zone. */
  *#days(since: Instant, now: Instant): Generator<string> {
    const last = dayOf(now);
    for (let at = since; ; at += dayMs) {
      const day = dayOf(Math.min(at, now));
      yield path.join(this.#sessions, ...day);
      if (day.join() === last.join()) return;
    }
  }
}

function dayOf(instant: Instant): readonly string[] {
  const date = new Date(instant);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((one) => String(one).padStart(2, '0'));
}

/** In a name, the machine's own time to the second: `rollout-2026-11-21T18-04-05-<id>.jsonl`. */
function begunAt(name: string): Instant | null {
  const [, day, hour, minute, second] =
    /^rollout-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-.*\.jsonl$/.exec(name) ?? [];
  if (day === undefined) return null;
  const at = new Date(`${day}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}`).getTime();
  return Number.isNaN(at) ? null : at;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Null for a file whose first line is not whole or is none of a thread. */
async function startOf(file: string): Promise<ThreadStart | null> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(longestStart);
    const { bytesRead } = await handle.read(buffer, 0, longestStart, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
    return end < 0 ? null : threadStart(JSON.parse(buffer.toString('utf8', 0, end)));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    await handle.close();
  }
}
