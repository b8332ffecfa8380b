import { type Outcomes, failureRate, learn } from '../../../src/town/failureRate.ts';
import { type Line, type Probing, lineLength, probes } from '../../../src/town/search.ts';

export interface Queue {
  /** Whether each request fails, in the order in which they are merged. */
  readonly fails: readonly boolean[];
  readonly slots: number;
  readonly outcomes: Outcomes;
  /** When each came, ascending, in units of one run; all at 0 when it is not said. */
  readonly comes?: readonly number[];
  /** How long the next run takes; 1 when it is not said. */
  readonly takes?: () => number;
}

export interface Played {
  /** Started, those that became needless included. */
  readonly runs: number;
  /** Until all were decided, in units of one run. */
  readonly elapsed: number;
  readonly outcomes: Outcomes;
  /** Which requests were found to be at fault, by their place in `fails`. */
  readonly culprits: readonly number[];
}

interface Run {
  readonly length: number;
  readonly ends: number;
}

/** A queue from its first request to its last, decided by exactly what the product decides by; its time is its own. */
export class Play {
  readonly #queue: Queue;
  readonly #culprits: number[] = [];
  #outcomes: Outcomes;
  #decided = 0;
  #now = 0;
  #runs = 0;
  #line: Line = { length: 0, green: 0, red: null };
  #running: readonly Run[] = [];

  constructor(queue: Queue) {
    this.#queue = queue;
    this.#outcomes = queue.outcomes;
  }

  all(): Played {
    const { length } = this.#queue.fails;
    while (this.#decided < length) {
      if (this.#line.length === 0) this.#form();
      this.#start();
      this.#end();
    }
    return {
      runs: this.#runs,
      elapsed: this.#now,
      outcomes: this.#outcomes,
      culprits: this.#culprits,
    };
  }

  get #probing(): Probing {
    return { slots: this.#queue.slots, rate: failureRate(this.#outcomes) };
  }

  #form(): void {
    const { fails, comes } = this.#queue;
    this.#now = Math.max(this.#now, comes?.[this.#decided] ?? 0);
    const there = comes?.filter((at) => at <= this.#now).length ?? fails.length;
    this.#line = { length: lineLength(there - this.#decided, this.#probing), green: 0, red: null };
  }

  #start(): void {
    const running = this.#running.map(({ length }) => length);
    const started = probes(this.#line, this.#probing, running);
    if (started.length + running.length === 0) throw new Error('nothing is tested');
    const runs = started.map((length) => ({ length, ends: this.#now + (this.#queue.takes?.() ?? 1) }));
    this.#runs += runs.length;
    this.#running = [...this.#running, ...runs];
  }

  /** What ends first is heard alone, the shorter line of two: so it is of processes. */
  #end(): void {
    const [first, ...others] = this.#running.toSorted((a, b) => a.ends - b.ends || a.length - b.length);
    if (first === undefined) throw new Error('nothing runs');
    this.#now = first.ends;
    const isRed = this.#queue.fails.slice(this.#decided, this.#decided + first.length).includes(true);
    this.#line = isRed ? { ...this.#line, red: first.length } : { ...this.#line, green: first.length };
    const { length, green, red } = this.#line;
    this.#running = others.filter((run) => run.length > green && run.length < (red ?? Infinity));
    if (red === green + 1 || green === length) this.#decide();
  }

  #decide(): void {
    const { green, red } = this.#line;
    if (red !== null) this.#culprits.push(this.#decided + green);
    this.#decided += red ?? green;
    this.#outcomes = learn(this.#outcomes, green, red === null ? 0 : 1);
    this.#line = { length: 0, green: 0, red: null };
  }
}
