import type { CommandResult } from './command.ts';

interface SharedRun {
  readonly result: Promise<CommandResult>;
  /** Callers that wait for it. */
  waiting: number;
}

/** Results that are remembered; who says a command again after so many others never heard of it. */
const mostRemembered = 200;
/** Longer ones are what was only read, and may be read anew. */
const longestRemembered = 64 * 1024;

/**
 * A command that is said again under its id, because its answer got lost, is not carried out again: it gets the first
 * one's answer. It is given up when nobody waits for it any more.
 */
export class SharedRuns {
  readonly #runs = new Map<string, SharedRun>();

  /** `start` gets the signal by which it is given up; `signal` says that this caller is gone. */
  async run(
    key: string,
    start: (signal: AbortSignal) => Promise<CommandResult>,
    signal: AbortSignal,
  ): Promise<CommandResult> {
    const shared = this.#runs.get(key) ?? this.#begin(key, start);
    shared.waiting += 1;
    const leave = (): void => {
      shared.waiting -= 1;
      if (shared.waiting === 0) this.#giveUp.get(shared)?.();
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await shared.result;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  readonly #giveUp = new WeakMap<SharedRun, () => void>();

  #begin(key: string, start: (signal: AbortSignal) => Promise<CommandResult>): SharedRun {
    const control = new AbortController();
    const shared: SharedRun = { result: start(control.signal), waiting: 0 };
    const forget = (): void => {
      if (this.#runs.get(key) === shared) this.#runs.delete(key);
    };
    this.#giveUp.set(shared, () => {
      forget();
      control.abort();
    });
    shared.result.then(({ out }) => {
      this.#giveUp.delete(shared);
      if (out.length > longestRemembered) forget();
    }, forget);
    this.#runs.set(key, shared);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > mostRemembered && oldest !== undefined) this.#runs.delete(oldest);
    return shared;
  }
}
