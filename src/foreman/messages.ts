import type { Agents } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Caller } from '../ports/desk.ts';
import type { Terminals } from '../ports/terminals.ts';
import type { PolecatId } from '../town/ids.ts';
import { type Polecat, builtIn } from '../town/polecat.ts';
import type { RigState } from '../town/state.ts';
import { plain } from '../words/plain.ts';
import { callerKey } from './caller.ts';
import { Findings } from './findings.ts';
import type { Places } from './places.ts';
import { type Carried, type Delivery, type QueuedWords, WordQueue, type Words } from './wordQueue.ts';
import type { Sightings } from './sightings.ts';
import { WordShelf } from './wordShelf.ts';

export type { Carried, Delivery } from './wordQueue.ts';

interface MessageParts {
  readonly clock: Clock;
  readonly terminals: Terminals;
  readonly sightings: Sightings;
  readonly agents: Pick<Agents, 'hears'>;
  readonly places: Pick<Places, 'agent'>;
  state(): RigState;
}

/** How long a person who sent a message waits for the agent to say that it heard. */
const patienceMs = 15_000;
/** Until a terminal in which somebody may be typing is tried again. */
const tryAgainMs = 3_000;
const maxQuestion = 500;

/**
 * Words for agents: a person's, and reminders. While an agent works, its next hook carries them to the model; at its
 * prompt they are typed into its terminal, and never over what a person may be typing there.
 */
export class Messages {
  /** What proofs found missing, as far as agents were told. */
  readonly findings = new Findings();
  readonly #parts: MessageParts;
  readonly #queue: WordQueue;
  readonly #shelf: WordShelf;
  /** By caller: what an earlier window left is in the queue. */
  readonly #takenUp = new Map<string, Promise<void>>();

  constructor(parts: MessageParts) {
    this.#parts = parts;
    this.#shelf = new WordShelf(parts.places);
    this.#queue = new WordQueue(
      (polecat) => parts.state().polecats[polecat]?.session?.token ?? null,
      (polecat) => {
        // They wait here all the same; a disk that takes nothing is told of by the rig's store.
        void this.#keep(polecat).catch(() => undefined);
      },
    );
    parts.sightings.onHeard((polecat, text) => {
      this.#queue.heard(polecat, text);
    });
  }

  /** What a person says. */
  send(polecat: PolecatId, text: string, signal?: AbortSignal): Promise<Delivery> {
    return this.#say(polecat, { by: 'person', told: `Your person says: ${text}`, typed: text }, signal);
  }

  /** What a person answered to a question that nobody waits with any more. */
  reply(polecat: PolecatId, question: string, reply: string): Promise<Delivery> {
    const words = `You asked: ${plain(question, maxQuestion)}\nYour person answers: ${reply}`;
    return this.#say(polecat, { by: 'person', told: words, typed: words });
  }

  /** What the foreman reminds an agent of; an older reminder that was not heard gives way. */
  remind(polecat: PolecatId, text: string): void {
    const words = `Rigs says: ${text}`;
    this.#queue.dropReminders(polecat);
    void this.#queue.add(polecat, { by: 'foreman', told: words, typed: words });
  }

  /** A reminder is on its way; another one would be counted without the agent having heard of it. */
  holdsReminder(polecat: PolecatId): boolean {
    return this.#queue.of(polecat).some(({ words, state }) => words.by === 'foreman' && state !== 'typed');
  }

  /** Everything that waits for an agent, for a hook that can carry words; null: nothing does. */
  take(polecat: PolecatId): Carried | null {
    return this.#queue.take(polecat);
  }

  /** Types what waits for a session as often as it sits at its prompt, until aborted. What is left then is refused. */
  async attend(caller: Caller, signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const takenUp = this.#takeUp(caller).catch((error: unknown) => {
      failed.abort(error);
    });
    try {
      while (!either.aborted) {
        await this.#typeTo(caller);
        await this.#pause(caller.polecat, either);
      }
      await takenUp;
      if (!signal.aborted) failed.signal.throwIfAborted();
    } finally {
      this.#queue.prune(caller.polecat);
    }
  }

  /** Resolves when what waits is on disk, for the next window. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#takenUp.values());
    await this.#shelf.idle();
  }

  async #keep(polecat: PolecatId): Promise<void> {
    const found = this.#parts.state().polecats[polecat];
    if (found?.session != null) await this.#takeUp({ polecat, token: found.session.token });
    await this.#shelf.keep(polecat, this.#queue.waiting(polecat));
  }

  /** Once a session: what is kept now is read before anything else is. The built-in agent is told at once, or not. */
  #takeUp(caller: Caller): Promise<void> {
    const { polecat } = caller;
    if (this.#parts.state().polecats[polecat]?.seat.runner === builtIn) return Promise.resolve();
    const key = callerKey(caller);
    const taken =
      this.#takenUp.get(key) ??
      this.#shelf.kept(polecat).then((kept) => {
        this.#queue.restore(polecat, kept);
      });
    this.#takenUp.set(key, taken);
    return taken.catch((error: unknown) => {
      this.#takenUp.delete(key);
      throw error;
    });
  }

  async #say(polecat: PolecatId, words: Words, signal?: AbortSignal): Promise<Delivery> {
    const live = this.#parts.state().polecats[polecat]?.session != null;
    if (!live || plain(words.typed) === '') return 'refused';
    const delivered = this.#queue.add(polecat, words);
    const late = new AbortController();
    const either = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
    const waited = this.#parts.clock.sleep(patienceMs, either).then(
      () => 'queued' as const,
      () => 'queued' as const,
    );
    try {
      return await Promise.race([delivered, waited]);
    } finally {
      late.abort();
    }
  }

  async #typeTo({ polecat, token }: Caller): Promise<void> {
    for (const one of this.#queue.of(polecat)) {
      const found = this.#parts.state().polecats[polecat];
      if (found?.session?.token !== token || !this.#isTypedTo(found)) return;
      if (one.state === 'waits' && !(await this.#type(found, one))) return;
    }
  }

  /** Whether another may be typed right after it. */
  async #type({ id, token, seat }: Polecat, one: QueuedWords): Promise<boolean> {
    one.state = 'typing';
    // One that throws is tried again like one that somebody types in.
    const typed = await this.#parts.terminals.type(id, token, one.words.typed).catch((error: unknown) => {
      this.#queue.wait(one);
      throw error;
    });
    if (typed === 'gone') this.#queue.end(one, 'refused');
    else if (typed === 'busy') this.#queue.wait(one);
    // The built-in agent reads its terminal and has no hook that would say so; of others nobody knows what they heard.
    else if (seat.runner === builtIn) this.#queue.end(one, 'heard');
    else if (!this.#parts.agents.hears(seat)) this.#queue.end(one, 'queued');
    else {
      this.#queue.typed(one);
      return false;
    }
    return typed === 'typed';
  }

  /** Nothing of it would carry the words before it is spoken to, and no dialog may stand where they would be typed. */
  #isTypedTo({ seat, session }: Polecat): boolean {
    const kind = session?.doing.kind;
    const hasEar = seat.runner !== builtIn && this.#parts.agents.hears(seat);
    return !hasEar || kind === 'idle' || kind === 'question';
  }

  /** Until something is said, or, with words that wait, a little while. */
  async #pause(polecat: PolecatId, signal: AbortSignal): Promise<void> {
    const said = this.#queue.said(polecat, signal);
    if (!this.#queue.of(polecat).some(({ state }) => state === 'waits')) return said.happened;
    try {
      // It rejects when aborted, and then there is nothing left to do.
      await this.#parts.clock.sleep(tryAgainMs, signal).catch(() => undefined);
    } finally {
      said.stop();
    }
  }
}
