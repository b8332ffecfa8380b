import { Refusal } from './refusal.ts';

export interface Limits {
  /** Calls a second that one token may make for long … */
  readonly perSecond: number;
  /** … and at once. */
  readonly burst: number;
  /** Calls of one token that wait for their answer at the same time; followers count. */
  readonly waiting: number;
  /** The same of those that may wait for a person; they take no place from the others. */
  readonly patient: number;
}

/** An agent in a loop must not keep the window from answering the others. A person's surface stays far below. */
export const usualLimits: Limits = { perSecond: 50, burst: 200, waiting: 32, patient: 128 };

/** As long as it takes until something may have changed when the calls that wait are too many. */
const waitingRetryMs = 1_000;

interface Account {
  /** Calls it may make at once, at `at`. */
  left: number;
  at: number;
  waiting: number;
  patient: number;
  /** Bytes of bodies that are on their way. */
  arriving: number;
}

/** Keeps count of each token's calls. `now` is ms on a clock that never goes back. */
export class CallLimits {
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();

  constructor(limits: Limits = usualLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts one call in and returns how to count it out. Throws Refusal `too_often`. */
  enter(who: string, kind: 'waiting' | 'patient' = 'waiting'): () => void {
    const account = this.#accountOf(who);
    const { perSecond } = this.#limits;
    if (account[kind] >= this.#limits[kind])
      throw tooOften('Too many calls of this token wait for an answer.', waitingRetryMs);
    if (account.left < 1)
      throw tooOften('This token asks too often.', ((1 - account.left) / perSecond) * 1_000);
    account.left -= 1;
    account[kind] += 1;
    return () => {
      account[kind] -= 1;
    };
  }

  /**
   * Counts bytes in that arrived for a body and returns how to count them out, once it is read. One token's bodies
   * hold `most` bytes together, however many it sends at once. Throws Refusal `too_often`.
   */
  arrive(who: string, bytes: number, most: number): () => void {
    const account = this.#accountOf(who);
    if (account.arriving + bytes > most) throw tooOften('This token sends too much at once.', waitingRetryMs);
    account.arriving += bytes;
    return () => {
      account.arriving -= bytes;
    };
  }

  #accountOf(who: string): Account {
    const { perSecond, burst } = this.#limits;
    const now = this.#now();
    const account = this.#accounts.get(who) ?? { left: burst, at: now, waiting: 0, patient: 0, arriving: 0 };
    account.left = Math.min(burst, account.left + ((now - account.at) / 1_000) * perSecond);
    account.at = now;
    this.#accounts.set(who, account);
    return account;
  }
}

function tooOften(message: string, retryAfterMs: number): Refusal {
  return new Refusal('too_often', `${message} It may ask again in a moment.`, Math.ceil(retryAfterMs));
}
