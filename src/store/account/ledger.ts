import type { Clock } from '../../ports/clock.ts';
import { Batches } from '../../system/batches.ts';
import {
  type AccountDecision,
  type AccountEvent,
  type AccountState,
  foldAccount,
} from '../../town/account.ts';
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

/** A decision that keeps its answer to itself. */
type Step = (state: AccountState, at: Instant) => readonly AccountEvent[];

/** The journal of the account as many windows write it: one step at a time, each on the newest state. */
export class Ledger {
  readonly #parts: LedgerParts;
  /** What is asked for while others become durable becomes durable together, in one turn and one line. */
  readonly #steps = new Batches<Step>((steps) => this.#take(steps));
  #closed = false;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Resolves when the step is on disk. Throws AccountError; decide again, whatever became of the first time. */
  async transact<T>(decide: Decide<T>): Promise<T> {
    let answer: { readonly of: T } | null = null as { readonly of: T } | null;
    await this.#steps.add((state, at) => {
      const decision = decide(state, at);
      answer = { of: decision.answer };
      return decision.events;
    });
    if (answer === null) throw closed(this.#parts.place.folder);
    return answer.of;
  }

  /** Resolves when the last step has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#steps.ended();
  }

  async #take(steps: readonly Step[]): Promise<void> {
    const { turns } = this.#parts;
    for (;;) {
      if (this.#closed) throw closed(this.#parts.place.folder);
      const turn = await turns.take();
      const end = { known: !turn.anew };
      try {
        if ((await this.#write(turn, steps, end)) && turns.holds(turn)) return;
      } catch (error) {
        // Passed over, it may have found its files removed under its hands.
        if (turns.holds(turn)) throw error;
      } finally {
        await turns.give(turn, !end.known);
      }
    }
  }

  /** False: the turn was passed over. */
  async #write(turn: Turn, steps: readonly Step[], end: { known: boolean }): Promise<boolean> {
    const { turns, journal, clock, linesPerFile } = this.#parts;
    for (;;) {
      const before = await journal.read();
      if (before.segment >= turn.count) return false;
      const at = clock.now();
      const events = decideAll(before.state, at, steps);
      const broken = turn.anew || before.torn !== null || before.ragged;
      end.known = false;
      if (broken || before.lines >= linesPerFile) {
        if (!(await journal.begin(before, turn.count, events))) {
          if (turns.holds(turn)) continue;
          return false;
        }
        // What stays is only read by nobody.
        await journal.tidy().catch(() => undefined);
      } else if (events.length > 0) journal.append(before, at, events);
      end.known = true;
      return true;
    }
  }
}

/** Each sees what those before it changed. */
function decideAll(from: AccountState, at: Instant, steps: readonly Step[]): readonly AccountEvent[] {
  const all: AccountEvent[] = [];
  let state = from;
  for (const step of steps) {
    const events = step(state, at);
    state = events.reduce(foldAccount, state);
    all.push(...events);
  }
  return all;
}
