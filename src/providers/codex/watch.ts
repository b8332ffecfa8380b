import { realpath } from 'node:fs/promises';
import type { AgentSession, Sighting } from '../../ports/agents.ts';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../../system/clock.ts';
import type { Instant } from '../../town/ids.ts';
import type { Doing } from '../../town/polecat.ts';
import { followJsonl } from '../tail.ts';
import { hooksWait, obstacle } from './obstacle.ts';
import { type Rollout, Rollouts } from './rollouts.ts';
import { type SessionNote, readNote } from './sessionNote.ts';
import { Telling } from './telling.ts';
import { Thread } from './thread.ts';

const everyMs = 500;
/** From the start to the first row, a slow disk included; without a dialog it is there within 2 s. */
const beginsWithinMs = 8_000;
/** Between two looks for what stands in the way. */
const lookAgainMs = 10_000;
/** A call that was allowed beforehand has a result, or its hook an entry for the person, long before. */
const askedAfterMs = 5_000;

type See = (sighting: Sighting) => void;

/**
 * Follows the rollouts of a session's threads: what it does where no hook tells, usage, limits; and says what stands in
 * its way when it does not begin. Rejects when files may not be read.
 */
export async function watch(
  session: AgentSession,
  see: See,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  const note = await readNote(session.folder);
  if (note === null) return;
  const watching = new Watching(session, note, see, clock);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    await watching.run(either);
  } finally {
    over.abort();
    await watching.ended();
  }
}

class Watching {
  readonly #session: AgentSession;
  readonly #note: SessionNote;
  readonly #clock: Clock;
  readonly #telling: Telling;
  readonly #following: Promise<void>[] = [];
  #failed: Error | null = null;
  #lookedAt: Instant;

  constructor(session: AgentSession, note: SessionNote, see: See, clock: Clock) {
    this.#session = session;
    this.#note = note;
    this.#clock = clock;
    this.#telling = new Telling(see);
    this.#lookedAt = Math.max(note.startedAt, clock.now()) + beginsWithinMs - lookAgainMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { home, startedAt } = this.#note;
    const rollouts = new Rollouts(home, await realpath(this.#session.worktree));
    let resumes = this.#session.conversation;
    while (!signal.aborted) {
      if (resumes !== null) {
        const resumed = await rollouts.resumed(resumes);
        if (resumed !== null) this.#follow(resumed, signal);
        resumes = null;
      }
      for (const one of await rollouts.begunSince(startedAt, this.#clock.now())) this.#follow(one, signal);
      await this.#clock.sleep(everyMs, signal).catch(rethrowUnless(signal));
      if (this.#failed !== null) throw this.#failed;
      await this.#tell(signal);
    }
  }

  /** Settles when nothing is read any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#following);
  }

  #follow(rollout: Rollout, signal: AbortSignal): void {
    const thread = new Thread(this.#note.startedAt);
    this.#telling.add(rollout, thread);
    const take = (row: unknown): void => {
      thread.take(row);
    };
    const options = { clock: this.#clock, everyMs };
    this.#following.push(
      followJsonl(rollout.file, take, signal, options).catch((error: unknown) => {
        this.#failed ??= error instanceof Error ? error : new Error(String(error));
      }),
    );
  }

  async #tell(signal: AbortSignal): Promise<void> {
    const over = (): boolean => signal.aborted;
    if (over()) return;
    const now = this.#clock.now();
    const asked = this.#telling.askedBefore(now - askedAfterMs);
    // With its hooks, its permissions come by them.
    const onScreen = asked !== null && (await hooksWait(this.#note));
    this.#telling.tell(asked === null ? null : onScreen ? permission(asked.detail) : 'hooks');
    if (this.#telling.hasBegun() || now - this.#lookedAt < lookAgainMs) return;
    this.#lookedAt = now;
    const found = await obstacle(this.#session, this.#note, signal);
    if (!over() && !this.#telling.hasBegun()) this.#telling.stands(found);
  }
}

function permission(detail: string | null): Doing {
  return { kind: 'permission', until: null, detail };
}

function rethrowUnless(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
