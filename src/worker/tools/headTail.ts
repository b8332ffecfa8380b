/** Keeps the beginning and the end of a stream of text, however long it gets. */
export class HeadTail {
  readonly #headMax: number;
  readonly #tailMax: number;
  #head = '';
  #tail = '';
  #dropped = 0;

  /** In characters. */
  constructor(headMax: number, tailMax: number) {
    this.#headMax = headMax;
    this.#tailMax = tailMax;
  }

  push(piece: string): void {
    const room = this.#headMax - this.#head.length;
    this.#head += piece.slice(0, room);
    this.#tail += piece.slice(room);
    // Cut only now and then: each cut copies the tail.
    if (this.#tail.length > 2 * this.#tailMax) this.#cut();
  }

  text(): string {
    this.#cut();
    if (this.#dropped === 0) return this.#head + this.#tail;
    return `${this.#head}\n[… ${String(this.#dropped)} characters left out …]\n${this.#tail}`;
  }

  #cut(): void {
    const over = this.#tail.length - this.#tailMax;
    if (over <= 0) return;
    this.#tail = this.#tail.slice(over);
    this.#dropped += over;
  }
}
