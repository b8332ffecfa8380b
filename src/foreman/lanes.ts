import type { Clock } from '../ports/clock.ts';
import { type Action, actionKey } from '../town/action.ts';

/** Carries an action out; what came of it is told to the foreman as a wish, not returned. */
export type Hand = (action: Action, signal: AbortSignal) => Promise<void>;

/** Told of each try that failed, and how many there were in a row. */
type Failed = (action: Action, error: unknown, times: number) => void;

interface Running {
  readonly lane: string;
  readonly abort: AbortController;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/**
 * Level-triggered: told what is due, it starts what does not run yet, aborts what is no longer due, and
 * tries a failed one again after a growing pause. Actions of one lane never overlap.
 */
export class Lanes {
  readonly #hand: Hand;
  readonly #clock: Clock;
  readonly #failed: Failed;
  readonly #running = new Map<string, Running>();
  /** How often in a row, and whether it rests just now. Not an instant: clocks are set back. */
  readonly #failures = new Map<string, { count: number; resting: boolean }>();
  #due: readonly Action[] = [];
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(hand: Hand, clock: Clock, failed: Failed) {
    this.#hand = hand;
    this.#clock = clock;
    this.#failed = failed;
  }

  reconcile(due: readonly Action[]): void {
    this.#due = due;
    const wanted = new Set(due.map(actionKey));
    for (const [key, running] of this.#running) {
      if (!wanted.has(key)) running.abort.abort();
    }
    for (const key of this.#failures.keys()) {
      if (!wanted.has(key)) this.#failures.delete(key);
    }
    if (this.#closed) return;
    const busy = new Set([...this.#running.values()].map((one) => one.lane));
    for (const action of due) {
      const lane = laneOf(action);
      if (busy.has(lane) || this.#running.has(actionKey(action)) || this.#pausing(action)) continue;
      busy.add(lane);
      void this.#start(action, lane);
    }
  }

  /** Aborts everything and resolves once nothing runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const running of this.#running.values()) running.abort.abort();
    while (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pausing(action: Action): boolean {
    return this.#failures.get(actionKey(action))?.resting === true;
  }

  async #start(action: Action, lane: string): Promise<void> {
    const key = actionKey(action);
    const abort = new AbortController();
    this.#running.set(key, { lane, abort });
    try {
      await this.#hand(action, abort.signal);
      if (this.#isDue(key)) this.#pauseFor(key);
      else this.#failures.delete(key);
    } catch (error) {
      if (!abort.signal.aborted) this.#fail(action, key, error);
    } finally {
      this.#running.delete(key);
      for (const resolve of this.#idle.splice(0)) resolve();
    }
    if (!this.#closed) this.reconcile(this.#due);
  }

  #fail(action: Action, key: string, error: unknown): void {
    this.#failed(action, error, this.#pauseFor(key));
  }

  #isDue(key: string): boolean {
    return this.#due.some((one) => actionKey(one) === key);
  }

  /** Also for a hand that succeeded and is due all the same: what it did changed nothing, so haste will not. */
  #pauseFor(key: string): number {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const pause = Math.min(longestRetryMs, firstRetryMs * 2 ** (count - 1));
    const failure = { count, resting: true };
    this.#failures.set(key, failure);
    void this.#clock.sleep(pause).then(() => {
      failure.resting = false;
      this.reconcile(this.#due);
    });
    return count;
  }
}

function laneOf(action: Action): string {
  switch (action.type) {
    case 'house':
    case 'resolve':
    case 'clear':
      return `place ${action.polecat}`;
    case 'launch':
    case 'endSession':
      return `session ${action.polecat}`;
    case 'attend':
    case 'proveDone':
      return `${action.type} ${action.polecat}`;
    case 'optimize':
      // One after the other: a model of one's own machine holds no two.
      return 'optimize';
    case 'assemble':
    case 'land':
      return 'queue';
    case 'push':
      return 'push';
    case 'offer':
    case 'checkTarget':
    case 'revertLanding':
      return action.type;
    case 'watchOffers':
      return 'watchOffers';
    case 'proveTip':
    case 'trace':
      return actionKey(action);
  }
}
