import type { Agents } from '../ports/agents.ts';
import type { Clock } from '../ports/clock.ts';
import type { Terminals } from '../ports/terminals.ts';
import type { PolecatId } from '../town/ids.ts';
import { type Polecat, builtIn } from '../town/polecat.ts';
import type { RigState } from '../town/state.ts';
import type { Sightings } from './sightings.ts';

/** `heard`: it reached the model; `queued`: it waits for the agent's next pause; `refused`: nobody works there. */
export type Delivery = 'heard' | 'queued' | 'refused';

interface Queued {
  readonly text: string;
  done(delivery: Delivery): void;
}

interface MessageParts {
  readonly clock: Clock;
  readonly terminals: Terminals;
  readonly sightings: Sightings;
  readonly agents: Pick<Agents, 'hears'>;
  state(): RigState;
}

/** How long a person who sent a message waits for the agent to say that it heard. */
const patienceMs = 15_000;

/**
 * Messages of a person to agents. While an agent works, its next hook carries them to the model; at its prompt they are
 * typed into its terminal, and never over what a person may be typing there.
 */
export class Messages {
  readonly #parts: MessageParts;
  readonly #waiting = new Map<PolecatId, Queued[]>();

  constructor(parts: MessageParts) {
    this.#parts = parts;
    parts.sightings.onHeard((polecat, text) => {
      this.#heard(polecat, text);
    });
  }

  async send(polecat: PolecatId, text: string, signal?: AbortSignal): Promise<Delivery> {
    const found = this.#parts.state().polecats[polecat];
    if (found?.session == null || text.trim() === '') return 'refused';
    const delivered = this.#queue(polecat, text);
    if (this.#isTypedTo(found)) await this.#type(found, text);
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

  /** Everything that waits for an agent, for a hook that can carry words; null: nothing does. */
  take(polecat: PolecatId): string | null {
    const waiting = this.#waiting.get(polecat) ?? [];
    this.#waiting.delete(polecat);
    if (waiting.length === 0) return null;
    for (const one of waiting) one.done('heard');
    return waiting.map(({ text }) => `Your person says: ${text}`).join('\n\n');
  }

  #queue(polecat: PolecatId, text: string): Promise<Delivery> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(polecat) ?? [];
      this.#waiting.set(polecat, [...waiting, { text, done: resolve }]);
    });
  }

  async #type(polecat: Polecat, text: string): Promise<void> {
    const typed = await this.#parts.terminals.type(polecat.id, polecat.token, text);
    // The built-in agent reads its terminal and has no hook that would say so.
    if (typed === 'typed' && polecat.seat.runner === builtIn) this.#heard(polecat.id, text);
    else if (typed === 'gone') this.#drop(polecat.id, text);
    else if (typed === 'typed' && !this.#parts.agents.hears(polecat.seat)) this.#typed(polecat.id, text);
  }

  /** Nothing of it would carry the words before it is spoken to. */
  #isTypedTo({ seat, session }: Polecat): boolean {
    const kind = session?.doing.kind;
    return !this.#parts.agents.hears(seat) || kind === 'starting' || kind === 'idle' || kind === 'question';
  }

  /** Nobody will say that it heard. */
  #typed(polecat: PolecatId, text: string): void {
    this.#end(polecat, (one) => one.text === text, 'queued');
  }

  #heard(polecat: PolecatId, text: string): void {
    this.#end(polecat, (one) => text.includes(one.text.trim()), 'heard');
  }

  #drop(polecat: PolecatId, text: string): void {
    this.#end(polecat, (one) => one.text === text, 'refused');
  }

  #end(polecat: PolecatId, which: (one: Queued) => boolean, delivery: Delivery): void {
    const waiting = this.#waiting.get(polecat) ?? [];
    for (const one of waiting.filter(which)) one.done(delivery);
    this.#waiting.set(
      polecat,
      waiting.filter((one) => !which(one)),
    );
  }
}
