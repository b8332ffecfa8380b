import { setImmediate as nextTurn } from 'node:timers/promises';

/** What several ask for at the same moment is done once for all of them: whoever asks after it began begins it anew. */
export class Together<T> {
  readonly #coming = new Map<string, Promise<T>>();

  do(key: string, work: () => Promise<T>): Promise<T> {
    const coming = this.#coming.get(key) ?? this.#begin(key, work);
    this.#coming.set(key, coming);
    return coming;
  }

  async #begin(key: string, work: () => Promise<T>): Promise<T> {
    await nextTurn();
    this.#coming.delete(key);
    return work();
  }
}
