import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { AgentSession, Sighting } from '../../../ports/agents.ts';
import type { Clock } from '../../../ports/clock.ts';
import { systemClock } from '../../../system/clock.ts';
import type { Instant } from '../../../town/ids.ts';
import type { Doing } from '../../../town/polecat.ts';
import { followJsonl } from '../../tail.ts';
import { namesIn, transcriptsOf } from './home.ts';
import { obstacle } from './opening.ts';
import { type SessionNote, readNote } from './sessionNote.ts';
import { Transcript } from './transcript.ts';

const everyMs = 500;
/** The first row is there within 3 s of a start when nothing stands in its way. */
const beginsWithinMs = 8_000;
/** By then something does, though no fact says what. */
const surelyBeginsWithinMs = 20_000;

type See = (sighting: Sighting) => void;

/**
 * Reads a session's transcript and those of its subagents: usage, failed calls with their resets, turns that a person
 * stopped; and says what it waits for when it does not begin. Rejects when files may not be read.
 */
export async function watch(
  session: AgentSession,
  see: See,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const note = await readNote(session.folder);
  if (note === null) return;
  const failed = new AbortController();
  const watching = new Watching(session, note, see, clock, AbortSignal.any([signal, failed.signal]));
  await watching.run((error) => {
    failed.abort(error);
  });
  if (!signal.aborted) failed.signal.throwIfAborted();
}

class Watching {
  readonly #session: AgentSession;
  readonly #note: SessionNote;
  readonly #see: See;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #transcript: Transcript;
  readonly #following = new Map<string, Promise<void>>();
  readonly #begun: Instant;
  #told: { readonly rows: number; readonly usage: string; readonly doing: Doing | null };
  #obstacle: 'unknown' | 'looked' | 'told' | 'over' = 'unknown';

  constructor(session: AgentSession, note: SessionNote, see: See, clock: Clock, signal: AbortSignal) {
    this.#session = session;
    this.#note = note;
    this.#see = see;
    this.#clock = clock;
    this.#signal = signal;
    this.#transcript = new Transcript(note.startedAt);
    this.#begun = clock.now();
    this.#told = { rows: 0, usage: JSON.stringify(this.#transcript.usage), doing: null };
  }

  async run(fail: (error: unknown) => void): Promise<void> {
    try {
      const worktree = await realpath(this.#session.worktree);
      while (!this.#signal.aborted) {
        await this.#followAll(worktree, fail);
        await this.#clock.sleep(everyMs, this.#signal).catch(() => undefined);
        this.#tell();
        if (this.#transcript.rows === 0) await this.#lookForObstacle();
      }
    } catch (error) {
      fail(error);
    } finally {
      await Promise.all(this.#following.values());
    }
    this.#tell();
  }

  async #followAll(worktree: string, fail: (error: unknown) => void): Promise<void> {
    const folder = await transcriptsOf(this.#note.home, worktree);
    if (folder === null) return;
    const { conversation } = this.#note;
    this.#follow(path.join(folder, `${conversation}.jsonl`), 'read', fail);
    const aside = path.join(folder, conversation, 'subagents');
    for (const name of await namesIn(aside)) {
      if (name.endsWith('.jsonl')) this.#follow(path.join(aside, name), 'readAside', fail);
    }
  }

  #follow(file: string, how: 'read' | 'readAside', fail: (error: unknown) => void): void {
    if (this.#following.has(file)) return;
    const read = (row: unknown): void => {
      this.#transcript[how](row);
    };
    const options = { clock: this.#clock, everyMs };
    this.#following.set(file, followJsonl(file, read, this.#signal, options).catch(fail));
  }

  /** Once for all rows that came together: a transcript that is read from its start tells what it says in the end. */
  #tell(): void {
    const { rows, doing } = this.#transcript;
    if (rows === this.#told.rows) return;
    const { usage } = this.#transcript;
    const counted = JSON.stringify(usage);
    this.#see({ kind: 'alive' });
    if (counted !== this.#told.usage) this.#see({ kind: 'usage', usage });
    if (doing !== null && doing !== this.#told.doing) this.#see({ kind: 'doing', doing });
    // It was only slow to begin, or its dialog was answered; of a hook that came before no word is heard again.
    else if (this.#obstacle === 'told')
      this.#see({ kind: 'doing', doing: { kind: 'working', until: null, detail: null } });
    this.#obstacle = 'over';
    this.#told = { rows, usage: counted, doing };
  }

  async #lookForObstacle(): Promise<void> {
    const waited = this.#clock.now() - this.#begun;
    if (this.#signal.aborted || this.#obstacle === 'told') return;
    if (this.#obstacle === 'unknown' && waited >= beginsWithinMs) {
      this.#obstacle = 'looked';
      const found = await obstacle(this.#note, this.#session);
      if (found !== null) this.#stands(found);
    } else if (waited >= surelyBeginsWithinMs) {
      this.#stands({ kind: 'dialog', until: null, detail: null });
    }
  }

  #stands(doing: Doing): void {
    this.#obstacle = 'told';
    this.#see({ kind: 'doing', doing });
  }
}
