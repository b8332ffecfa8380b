import type { Ask } from '../town/ask.ts';
import type { AskId } from '../town/ids.ts';
import type { Control } from './control.ts';
import type { Messages } from './messages.ts';

export interface ReplyParts {
  readonly control: Control;
  readonly messages: Pick<Messages, 'reply'>;
}

/**
 * Questions whose asking call is gone: what a person replies to one is a message to whoever works on its bead then. Where
 * nobody does, the next session is told of it at its beginning.
 */
export class Replies {
  readonly #parts: ReplyParts;
  readonly #waiting = new Map<AskId, number>();
  readonly #left = new Set<AskId>();
  #stop: (() => void) | null = null;
  #closed = false;

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  /** From here on a call that goes away went because the door closes, and comes back. */
  close(): void {
    this.#closed = true;
    this.#listen();
  }

  /** Counts a call as waiting as long as `until` runs; one that fails leaves its question. */
  async awaited(ask: AskId, until: () => Promise<void>): Promise<void> {
    this.#left.delete(ask);
    this.#waiting.set(ask, (this.#waiting.get(ask) ?? 0) + 1);
    let answered = false;
    try {
      await until();
      answered = true;
    } finally {
      const others = (this.#waiting.get(ask) ?? 1) - 1;
      if (others > 0) this.#waiting.set(ask, others);
      else this.#waiting.delete(ask);
      if (!answered && others <= 0) this.#leave(ask);
    }
  }

  /** Takes up what was asked before and nobody came back for. */
  takeUp(): void {
    for (const { id, answer, subject } of Object.values(this.#parts.control.state.asks)) {
      if (answer === null && subject.kind === 'question' && !this.#waiting.has(id)) this.#leave(id);
    }
  }

  #leave(ask: AskId): void {
    if (this.#closed) return;
    this.#left.add(ask);
    this.#look();
  }

  #look(): void {
    const { asks } = this.#parts.control.state;
    for (const id of this.#left) {
      const ask = asks[id];
      if (ask?.answer === null) continue;
      this.#left.delete(id);
      if (ask !== undefined) this.#tell(ask);
    }
    this.#listen();
  }

  #tell({ subject, reply }: Ask): void {
    if (subject.kind !== 'question' || reply === null) return;
    void this.#parts.messages.reply(subject.polecat, subject.question, reply);
  }

  /** Only while something is left to hear of. */
  #listen(): void {
    if (this.#left.size > 0 && !this.#closed) {
      this.#stop ??= this.#parts.control.onChange(() => {
        this.#look();
      });
    } else {
      this.#stop?.();
      this.#stop = null;
    }
  }
}
