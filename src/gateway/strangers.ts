import type { Socket } from 'node:net';

/** Connections of callers that have not said who they are, at most; beyond it the oldest gives way. */
const mostStrangers = 64;
/** To say who one is; a caller of ours does so within milliseconds. */
const strangerMs = 10_000;

/**
 * Whoever opens connections without a word, or dribbles half requests into them, holds no place that somebody with
 * a token could need.
 */
export class Strangers {
  readonly #most: number;
  readonly #patienceMs: number;
  /** Oldest first, as a map keeps them. */
  readonly #timers = new Map<Socket, NodeJS.Timeout>();

  constructor(most = mostStrangers, patienceMs = strangerMs) {
    this.#most = most;
    this.#patienceMs = patienceMs;
  }

  add(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), this.#patienceMs);
    timer.unref();
    this.#timers.set(socket, timer);
    socket.once('close', () => {
      this.known(socket);
    });
    const [oldest] = this.#timers.keys();
    if (this.#timers.size > this.#most) oldest?.destroy();
  }

  /** It has a token, or is gone. */
  known(socket: Socket): void {
    clearTimeout(this.#timers.get(socket));
    this.#timers.delete(socket);
  }
}
