import type { Play, Turn, WireRequest } from './turn.ts';

/** The turns that wait under one name. */
export class Queue {
  #turns: Turn[] = [];
  #play: Play | null = null;
  /** Main requests so far. */
  taken = 0;

  /** What was not taken yet of an earlier script is gone. */
  set(script: readonly Turn[] | Play): void {
    this.#turns = typeof script === 'function' ? [] : [...script];
    this.#play = typeof script === 'function' ? script : null;
  }

  /** The first turn that fits; undefined when none does. */
  async take(request: WireRequest): Promise<Turn | undefined> {
    this.taken += 1;
    if (this.#play !== null) return this.#play(request);
    const at = this.#turns.findIndex(({ when }) => when === undefined || when(request));
    return at < 0 ? undefined : this.#turns.splice(at, 1)[0];
  }

  /** Turns nobody came for. */
  get left(): number {
    return this.#turns.length;
  }
}
