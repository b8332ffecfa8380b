import type { ServerResponse } from 'node:http';

export interface OutflowLimits {
  readonly patienceMs: number;
  readonly mostWaiting: number;
}

/**
 * Lines to a reader that may be slow or gone. What it was promised to begin with is made as it reads; what comes
 * later waits, up to a bound, and a reader that takes nothing for long is dropped.
 */
export class Outflow {
  readonly #response: ServerResponse;
  readonly #limits: OutflowLimits;
  /** Told in this order: each whole before the next. */
  readonly #sources: Iterator<string>[] = [];
  #queue: string[] = [];
  #waiting = 0;
  #stalled: NodeJS.Timeout | null = null;
  #turn: NodeJS.Immediate | null = null;

  constructor(response: ServerResponse, limits: OutflowLimits) {
    this.#response = response;
    this.#limits = limits;
    response.on('drain', () => {
      this.#goOn();
      this.#pump();
    });
    response.on('close', () => {
      this.#goOn();
      if (this.#turn !== null) clearImmediate(this.#turn);
    });
  }

  /** Lines before everything that is pushed from now on, and behind earlier ones; each is made when its turn comes. */
  flow(lines: Iterable<string>): void {
    this.#sources.push(lines[Symbol.iterator]());
    this.#pump();
  }

  push(line: string): void {
    this.#queue.push(line);
    this.#waiting += line.length;
    if (this.#waiting > this.#limits.mostWaiting) this.#drop();
    else this.#pump();
  }

  #pump(): void {
    if (this.#turn !== null || this.#stalled !== null || this.#response.destroyed) return;
    while (this.#sources.length > 0) {
      const next = this.#sources[0]?.next();
      if (next?.done !== false) {
        this.#sources.shift();
        continue;
      }
      if (!this.#write(next.value)) return;
      // One a turn: making a line costs, and the host has other things to do.
      this.#turn = setImmediate(() => {
        this.#turn = null;
        this.#pump();
      });
      return;
    }
    if (this.#queue.length === 0) return;
    const lines = this.#queue.join('');
    this.#queue = [];
    this.#waiting = 0;
    this.#write(lines);
  }

  /** False: nothing more until the reader took something. */
  #write(text: string): boolean {
    if (this.#response.write(text)) return true;
    this.#stalled = setTimeout(() => {
      this.#drop();
    }, this.#limits.patienceMs);
    this.#stalled.unref();
    return false;
  }

  #goOn(): void {
    if (this.#stalled !== null) clearTimeout(this.#stalled);
    this.#stalled = null;
  }

  #drop(): void {
    this.#queue = [];
    this.#response.destroy();
  }
}
