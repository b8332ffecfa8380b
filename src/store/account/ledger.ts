import type { Clock } from '../../ports/clock.ts';
import type { AccountDecision, AccountState } from '../../town/account.ts';
import type { Instant } from '../../town/ids.ts';
import type { Place } from '../place.ts';
import type { AccountJournal } from './journal.ts';
import { closed } from './problems.ts';
import type { Turn, Turns } from './turns.ts';

/** Decides on the newest state. Runs again, on what is newest then, when its turn was passed over meanwhile. */
export type Decide<T> = (state: AccountState, at: Instant) => AccountDecision<T>;

interface LedgerParts {
  readonly place: Place;
  readonly turns: Turns;
  readonly journal: AccountJournal;
  readonly clock: Clock;
  /** Steps after which the journal goes on in a new file. */
  readonly linesPerFile: number;
}

/** The journal of the account as many windows write it: one step at a time, each on the newest state. */
export class Ledger {
  readonly #parts: LedgerParts;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Resolves when the step is on disk. Throws AccountError; decide again, whatever became of the first time. */
  transact<T>(decide: Decide<T>): Promise<T> {
    const step = this.#last.then(() => this.#step(decide));
    this.#last = step.catch(() => undefined);
    return step;
  }

  /** Resolves when the last step has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #step<T>(decide: Decide<T>): Promise<T> {
    const { turns } = this.#parts;
    for (;;) {
      if (this.#closed) throw closed(this.#parts.place.folder);
      const turn = await turns.take();
      const end = { known: !turn.anew };
      try {
        const done = await this.#write(turn, decide, end);
        if (done !== null && turns.holds(turn)) return done.answer;
      } catch (error) {
        // Passed over, it may have found its files removed under its hands.
        if (turns.holds(turn)) throw error;
      } finally {
        await turns.give(turn, !end.known);
      }
    }
  }

  /** Null: the turn was passed over. */
  async #write<T>(
    turn: Turn,
    decide: Decide<T>,
    end: { known: boolean },
  ): Promise<AccountDecision<T> | null> {
    const { turns, journal, clock, linesPerFile } = this.#parts;
    for (;;) {
      const before = await journal.read();
      if (before.segment >= turn.count) return null;
      const at = clock.now();
      const done = decide(before.state, at);
      const broken = turn.anew || before.torn !== null || before.ragged;
      end.known = false;
      if (broken || before.lines >= linesPerFile) {
        if (!(await journal.begin(before, turn.count, done.events))) {
          if (turns.holds(turn)) continue;
          return null;
        }
        // What stays is only read by nobody.
        await journal.tidy().catch(() => undefined);
      } else if (done.events.length > 0) journal.append(before, at, done.events);
      end.known = true;
      return done;
    }
  }
}
