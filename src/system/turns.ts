import { availableParallelism } from 'node:os';

/** Lets one at a time do something per key; a failed turn does not hold up the next. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #crowd = 0;

  constructor(atOnce = availableParallelism()) {
    this.#free = atOnce;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  /** Whether a turn on this key would begin at once. */
  isFree(key: string): boolean {
    return !this.#last.has(key);
  }

  /** Tells the first of many that come at once that it is the first. */
  async crowd<T>(work: (first: boolean) => Promise<T>): Promise<T> {
    this.#crowd += 1;
    try {
      return await work(this.#crowd === 1);
    } finally {
      this.#crowd -= 1;
    }
  }

  /**
   * Work that keeps a core and the disk busy, in the order it was asked for: more than there are cores at once would be
   * done no sooner, and the first of them much later.
   */
  async heavy<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
