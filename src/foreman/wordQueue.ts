import type { PolecatId, Token } from '../town/ids.ts';
import { plain } from '../words/plain.ts';
import type { Waiting } from './wordShelf.ts';

/** `heard`: it reached the model; `queued`: it waits for the agent's next pause; `refused`: nobody works there. */
export type Delivery = 'heard' | 'queued' | 'refused';

export interface Words {
  readonly by: 'person' | 'foreman';
  /** As a hook puts them before the model: with who says them. */
  readonly told: string;
  /** As they are typed at the agent's prompt. */
  readonly typed: string;
}

export interface QueuedWords {
  readonly words: Words;
  readonly token: Token;
  /** `typed`: nobody said yet that they were heard; `carried`: a hook has them, and may not come home with them. */
  state: 'waits' | 'typing' | 'typed' | 'carried';
  readonly done: (delivery: Delivery) => void;
}

/** Words that a hook carries. */
export interface Carried {
  readonly message: string;
  /** The hook has its answer. */
  heard(): void;
  /** The hook went away before it had its answer: they wait again, unless another call of it has them. */
  back(): void;
}

/** What waits to be said to agents. Words are for one session: with its end they are refused. */
export class WordQueue {
  readonly #entries = new Map<PolecatId, readonly QueuedWords[]>();
  readonly #ears = new Set<(polecat: PolecatId) => void>();
  readonly #tokenOf: (polecat: PolecatId) => Token | null;
  readonly #changed: (polecat: PolecatId) => void;

  /** `tokenOf`: of a polecat's open session. `changed`: what `waiting` says of a polecat may be something else now. */
  constructor(tokenOf: (polecat: PolecatId) => Token | null, changed: (polecat: PolecatId) => void) {
    this.#tokenOf = tokenOf;
    this.#changed = changed;
  }

  /** Resolves with what became of them; with words for nobody, at once. */
  add(polecat: PolecatId, words: Words): Promise<Delivery> {
    const token = this.#tokenOf(polecat);
    if (token === null) return Promise.resolve('refused');
    return new Promise((resolve) => {
      this.#entries.set(polecat, [...this.of(polecat), { words, token, state: 'waits', done: resolve }]);
      this.#tell(polecat);
    });
  }

  /** Words of an earlier window, which come before those of this one; nobody waits to hear what becomes of them. */
  restore(polecat: PolecatId, waiting: Waiting): void {
    const open = this.#tokenOf(polecat);
    const before = waiting
      .filter(({ token }) => token === open)
      .map(({ token, isTyped, ...words }): QueuedWords => {
        return { words, token, state: isTyped ? 'typed' : 'waits', done: () => undefined };
      });
    if (before.length === 0) return;
    this.#entries.set(polecat, [...before, ...this.of(polecat)]);
    this.#tell(polecat);
  }

  /** What is to be kept over a reload. A hook that carries words may not come home with them. */
  waiting(polecat: PolecatId): Waiting {
    return (this.#entries.get(polecat) ?? []).map(({ words, token, state }) => {
      return { token, ...words, isTyped: state === 'typing' || state === 'typed' };
    });
  }

  #tell(polecat: PolecatId): void {
    for (const ear of this.#ears) ear(polecat);
    this.#changed(polecat);
  }

  of(polecat: PolecatId): readonly QueuedWords[] {
    this.prune(polecat);
    return this.#entries.get(polecat) ?? [];
  }

  /** Refuses what was meant for a session that is over. */
  prune(polecat: PolecatId): void {
    const token = this.#tokenOf(polecat);
    this.#endThose(polecat, (one) => one.token !== token, 'refused');
  }

  take(polecat: PolecatId): Carried | null {
    const taken = this.of(polecat).filter(({ state }) => state === 'waits' || state === 'typed');
    if (taken.length === 0) return null;
    for (const one of taken) one.state = 'carried';
    return {
      message: taken.map(({ words }) => words.told).join('\n\n'),
      heard: () => {
        for (const one of taken) this.end(one, 'heard');
      },
      back: () => {
        for (const one of taken) this.wait(one);
        for (const ear of this.#ears) ear(polecat);
      },
    };
  }

  /** A prompt reached the agent: what of it was typed here needs no telling. */
  heard(polecat: PolecatId, prompt: string): void {
    const heard = asCompared(prompt, 64_000);
    const typed = ({ state, words }: QueuedWords): boolean =>
      (state === 'typing' || state === 'typed') && heard.includes(asCompared(words.typed, maxTyped));
    this.#endThose(polecat, typed, 'heard');
  }

  dropReminders(polecat: PolecatId): void {
    this.#endThose(polecat, ({ words }) => words.by === 'foreman', 'refused');
  }

  /** It was heard before its typing was said to be over. */
  typed(one: QueuedWords): void {
    if (one.state === 'typing') one.state = 'typed';
  }

  wait(one: QueuedWords): void {
    one.state = 'waits';
  }

  end(one: QueuedWords, delivery: Delivery): void {
    for (const polecat of this.#entries.keys()) this.#endThose(polecat, (other) => other === one, delivery);
  }

  /** The next time that something is said to an agent, or the abort. */
  said(polecat: PolecatId, signal: AbortSignal): { readonly happened: Promise<void>; stop(): void } {
    let stop = (): void => undefined;
    const happened = new Promise<void>((resolve) => {
      const ear = (who: PolecatId): void => {
        if (who === polecat) stop();
      };
      stop = () => {
        this.#ears.delete(ear);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      this.#ears.add(ear);
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
    });
    return {
      happened,
      stop: () => {
        stop();
      },
    };
  }

  #endThose(polecat: PolecatId, which: (one: QueuedWords) => boolean, delivery: Delivery): void {
    const all = this.#entries.get(polecat) ?? [];
    const over = all.filter(which);
    if (over.length === 0) return;
    const left = all.filter((one) => !over.includes(one));
    if (left.length === 0) this.#entries.delete(polecat);
    else this.#entries.set(polecat, left);
    for (const one of over) one.done(delivery);
    this.#changed(polecat);
  }
}

/** So much of it is typed: terminals cut what is longer. */
const maxTyped = 4_000;

/** Terminals are typed one plain line into, with what looks like markup broken up by spaces, and cut. */
function asCompared(text: string, max: number): string {
  return plain(text, max).replace(/…$/, '').replace(/\s+/g, '');
}
