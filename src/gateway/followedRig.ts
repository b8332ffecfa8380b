import { randomUUID } from 'node:crypto';
import type { Answer, Control, Wish } from '../foreman/control.ts';
import type { Clock } from '../ports/clock.ts';
import type { Repository } from '../ports/git.ts';
import type { Notice } from '../ports/notices.ts';
import type { Archive } from '../ports/store.ts';
import { systemClock } from '../system/clock.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { BeadId } from '../town/ids.ts';
import { countByStatus, selectBeads } from '../town/query.ts';
import { type Reason, reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import { call } from './client.ts';
import { DoorError } from './doorError.ts';
import { FollowedState } from './followedState.ts';
import type { FollowMessage } from './followMessages.ts';
import { followStream } from './followStream.ts';
import { readDoor, readPersonToken, stateFolderOf } from './home.ts';
import { persist } from './persist.ts';
import { isPersonWish } from './wishes.ts';

export interface FollowParts {
  /** The folder with the owner's `door.json`. */
  readonly home: string;
  readonly repository: Repository;
  /** Reads what left the rig's state, from its folder: the owner does not tell of it. */
  readonly archive: (inState: (id: BeadId) => boolean) => Archive;
  /** How long, in ms, the owner may be away before the rig counts as lost; 30 s. */
  readonly patienceMs?: number;
  /** How long, in ms, nothing may be heard before the connection counts as dead; the owner says something every 5 s. */
  readonly silenceMs?: number;
  readonly clock?: Clock;
  /** A listener that fails does not keep the others from hearing. */
  readonly onError?: (error: unknown) => void;
}

/** An answer waits so long for the change that it promises; then the stream is late, and the answer is true anyway. */
const catchUpMs = 2_000;

/**
 * A rig that another process owns, followed live through its door: what is seen here is what its owner told, what
 * is wished here is decided there. It reconnects by itself when the owner reloads or another one takes over.
 */
export class FollowedRig implements Control {
  readonly repository: Repository;
  readonly store: Control['store'];
  readonly #parts: FollowParts;
  readonly #clock: Clock;
  readonly #told = new FollowedState();
  readonly #listeners = new Set<() => void>();
  readonly #noticed = new Set<(notice: Notice) => void>();
  readonly #losers = new Set<(why: DoorError) => void>();
  readonly #closing = new AbortController();
  #connected = false;
  #lost: DoorError | null = null;

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.repository = parts.repository;
    const told = this.#told;
    this.store = {
      folder: stateFolderOf(parts.home),
      read: {
        seq: () => told.seq,
        beads: (filter) => selectBeads(told.state, filter),
        bead: (id) => told.state.beads[id] ?? null,
        countByStatus: () => countByStatus(told.state),
      },
      archive: parts.archive((id) => Object.hasOwn(told.state.beads, id)),
      recentFeed: (limit) => Promise.resolve(told.recentFeed(limit)),
    };
  }

  get state(): RigState {
    return this.#told.state;
  }

  get facts(): DispatchFacts {
    return this.#told.facts;
  }

  /** The owner's. */
  get epoch(): number {
    return this.#told.epoch;
  }

  /** Whether the owner tells right now. Listeners of `onChange` hear when it turns. */
  get connected(): boolean {
    return this.#connected;
  }

  get readOnly(): Reason | null {
    return this.#connected ? this.#told.readOnly : reason('not_reached');
  }

  why(bead: BeadId): Reason | null {
    return this.#told.why(bead);
  }

  /** Decided by the owner. When it is answered with ok, the change shows here already. */
  async wish(wish: Wish): Promise<Answer> {
    const { home } = this.#parts;
    if (!isPersonWish(wish)) return { ok: false, refusal: reason('invalid', { what: wish.type }) };
    try {
      const token = await readPersonToken(home);
      if (token === null) return { ok: false, refusal: reason('not_reached') };
      const { signal } = this.#closing;
      const reply = await call(
        home,
        token,
        'wish',
        { id: randomUUID(), wish },
        { clock: this.#clock, signal },
      );
      if (!reply.ok) return reply;
      await this.#caughtUp(reply.seq);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof DoorError) && !this.#closing.signal.aborted) throw error;
      const message = error instanceof DoorError ? error.message : '';
      return { ok: false, refusal: reason('not_reached', { message }) };
    }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticed.add(listener);
    return () => this.#noticed.delete(listener);
  }

  /**
   * Told once, when nobody answers any more: the owner is gone, or speaks otherwise. Nothing changes here then. Who
   * listens later is told at once.
   */
  onLost(listener: (why: DoorError) => void): () => void {
    this.#losers.add(listener);
    if (this.#lost !== null) listener(this.#lost);
    return () => this.#losers.delete(listener);
  }

  close(): void {
    this.#closing.abort();
  }

  /** Follows until closed or lost. */
  async run(): Promise<void> {
    const why = await persist({
      follow: () => this.#followOnce(),
      ended: () => this.#ended(),
      clock: this.#clock,
      patienceMs: this.#parts.patienceMs ?? 30_000,
      signal: this.#closing.signal,
    });
    this.close();
    if (why === null) return;
    this.#lost = why;
    this.#tell(this.#losers, why);
  }

  #ended(): boolean {
    const was = this.#connected;
    this.#connected = false;
    if (was) this.#tell(this.#listeners, undefined);
    return was;
  }

  async #followOnce(): Promise<never> {
    const { home, silenceMs = 15_000 } = this.#parts;
    const door = await readDoor(home);
    const token = await readPersonToken(home);
    if (door === null || token === null) throw new DoorError('unreachable', 'No window runs this rig.');
    if (door.epoch < this.#told.epoch)
      throw new DoorError('unreachable', 'A former owner of this rig stands at its door.');
    const { signal } = this.#closing;
    return followStream({
      door,
      token,
      silenceMs,
      signal,
      take: (messages) => {
        this.#take(messages);
      },
    });
  }

  #take(messages: readonly FollowMessage[]): void {
    const before = this.#told.state;
    let changed = false;
    for (const message of messages) {
      const news = this.#told.take(message);
      if (message.type === 'begun') this.#connected = true;
      changed ||= message.type === 'begun' || message.type === 'facts' || message.type === 'readOnly';
      for (const notice of news) this.#tell(this.#noticed, notice);
    }
    if (changed || before !== this.#told.state) this.#tell(this.#listeners, undefined);
  }

  #tell<T>(listeners: ReadonlySet<(of: T) => void>, of: T): void {
    for (const listener of listeners) {
      try {
        listener(of);
      } catch (error) {
        this.#parts.onError?.(error);
      }
    }
  }

  async #caughtUp(seq: number): Promise<void> {
    const enough = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(catchUpMs)]);
    if (this.#told.seq >= seq || enough.aborted) return;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        stop();
        enough.removeEventListener('abort', finish);
        resolve();
      };
      const stop = this.onChange(() => {
        if (this.#told.seq >= seq) finish();
      });
      enough.addEventListener('abort', finish);
    });
  }
}

/** Follows the rig whose owner's door `home` tells of; resolves once it shows. Throws `DoorError`. */
export async function followRig(parts: FollowParts): Promise<FollowedRig> {
  const rig = new FollowedRig(parts);
  await new Promise<void>((resolve, reject) => {
    const stop = rig.onChange(() => {
      if (!rig.connected) return;
      stop();
      resolve();
    });
    rig.onLost(reject);
    rig.run().catch(reject);
  });
  return rig;
}
