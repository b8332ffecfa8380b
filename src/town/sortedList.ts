/** Long enough that few are needed, short enough that moving one's end costs nothing. */
const chunkLength = 512;

/** Kept in order from change to change: adding and removing cost far less than sorting. Equal items are one. */
export class SortedList<T> implements Iterable<T> {
  readonly #before: (a: T, b: T) => number;
  /** None is empty. */
  #chunks: T[][] = [];

  constructor(before: (a: T, b: T) => number, items: readonly T[] = []) {
    this.#before = before;
    const sorted = items.toSorted(before);
    for (let at = 0; at < sorted.length; at += chunkLength)
      this.#chunks.push(sorted.slice(at, at + chunkLength));
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  add(item: T): void {
    const index = Math.min(this.#chunkOf(item), this.#chunks.length - 1);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(lowerBound(chunk, item, this.#before), 0, item);
    if (chunk.length > 2 * chunkLength) this.#chunks.splice(index + 1, 0, chunk.splice(chunkLength));
  }

  remove(item: T): void {
    const index = this.#chunkOf(item);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const at = lowerBound(chunk, item, this.#before);
    const found = chunk[at];
    if (found === undefined || this.#before(found, item) !== 0) return;
    chunk.splice(at, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** Where it stands, from 0; null: it is not there. */
  indexOf(item: T): number | null {
    const at = this.#chunkOf(item);
    const chunk = this.#chunks[at] ?? [];
    const inside = lowerBound(chunk, item, this.#before);
    const found = chunk[inside];
    if (found === undefined || this.#before(found, item) !== 0) return null;
    return inside + this.#chunks.slice(0, at).reduce((sum, { length }) => sum + length, 0);
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first chunk that does not end before an item. */
  #chunkOf(item: T): number {
    let [from, to] = [0, this.#chunks.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const last = this.#chunks[middle]?.at(-1);
      if (last !== undefined && this.#before(last, item) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function lowerBound<T>(items: readonly T[], item: T, before: (a: T, b: T) => number): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const found = items[middle];
    if (found !== undefined && before(found, item) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
