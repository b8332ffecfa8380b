/** Does one thing one at a time; all who ask for it while it is being done share the one time after. */
export class OneAtATime {
  readonly #run: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  /** Asked for and not yet begun. */
  #next: Promise<void> | null = null;

  constructor(run: () => Promise<void>) {
    this.#run = run;
  }

  /** Resolves, or rejects, when it was done once from beginning to end after this call. */
  again(): Promise<void> {
    if (this.#next !== null) return this.#next;
    const next = this.#last.then(() => {
      this.#next = null;
      return this.#run();
    });
    this.#next = next;
    // Whoever asked is told that it failed; the next time does not depend on it.
    this.#last = next.catch(() => undefined);
    return next;
  }
}
