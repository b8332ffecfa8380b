/** Does one batch at a time: the first that comes is a batch by itself, and all that come meanwhile are the next. */
export class Batches<Item> {
  readonly #work: (batch: readonly Item[]) => Promise<void>;
  readonly #coming: Item[] = [];
  #current: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(work: (batch: readonly Item[]) => Promise<void>) {
    this.#work = work;
  }

  /** Settles as the work on its batch does. */
  add(item: Item): Promise<void> {
    this.#coming.push(item);
    if (this.#next === null && this.#current === null) return this.#begin();
    this.#next ??= this.#after(this.#current);
    return this.#next;
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    for (;;) {
      const last = this.#next ?? this.#current;
      if (last === null) return;
      await Promise.allSettled([last]);
    }
  }

  async #after(before: Promise<void> | null): Promise<void> {
    // Whoever waits for that batch hears of its failure.
    await Promise.allSettled([before]);
    this.#next = null;
    await this.#begin();
  }

  #begin(): Promise<void> {
    const mine = this.#work(this.#coming.splice(0)).finally(() => {
      if (this.#current === mine) this.#current = null;
    });
    this.#current = mine;
    return mine;
  }
}
