import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** What a turn is, which decides which faults can hit it. */
export type Kind = 'file' | 'git' | 'account' | 'port' | 'time' | 'agent' | 'person' | 'window';

/** A process, or a person: something that acts, and can be killed or put to sleep. */
export interface Actor {
  readonly name: string;
  readonly pid: number;
  alive: boolean;
  /** Virtual instant before which none of its turns comes. */
  asleepUntil: number;
}

/** Something that waits for its turn. */
export interface Turn {
  readonly actor: Actor;
  /** Whose code runs in it: an agent's call to the door runs in the window. */
  readonly as: Actor;
  readonly kind: Kind;
  readonly label: string;
  at: number;
  /** What it does to the world. Throws what the caller gets as a rejection. */
  readonly effect: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The process that called was killed. Nothing it does after this reaches the world. */
export class Killed extends Error {
  constructor(actor: Actor) {
    super(`${actor.name} was killed`);
    this.name = 'Killed';
  }
}

export interface SchedulerParts {
  readonly random: Random;
  readonly trace: Trace;
  /** False: first come, first served and no delays; a failure that shows then too is easier to read. */
  readonly shuffled: boolean;
  readonly start: number;
}

/**
 * Everything that happens, one turn at a time, in an order drawn from the seed. Between two turns all promises that are
 * ready run, so that what code does with an answer belongs to the turn that gave it.
 */
export class Scheduler implements Clock {
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #shuffled: boolean;
  #turns: Turn[] = [];
  #now: number;
  steps = 0;
  /** Whose code runs now. */
  current: Actor | null = null;

  constructor(parts: SchedulerParts) {
    this.#random = parts.random;
    this.#trace = parts.trace;
    this.#shuffled = parts.shuffled;
    this.#now = parts.start;
  }

  now(): number {
    return this.#now;
  }

  /** Clock port of whoever runs now. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.wait(this.acting(), 'sleep', ms, signal);
  }

  acting(): Actor {
    if (this.current === null) throw new Error('nobody acts');
    return this.current;
  }

  /** Throws for a killed process, so that a synchronous call of it does nothing. */
  assertAlive(): void {
    const actor = this.acting();
    if (!actor.alive) throw new Killed(actor);
  }

  wait(actor: Actor, label: string, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => {
        this.#turns = this.#turns.filter((one) => one !== turn);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const turn = this.#turn(actor, actor, 'time', label, ms, () => {
        signal?.removeEventListener('abort', aborted);
      });
      turn.resolve = resolve as (value: unknown) => void;
      if (!actor.alive) return;
      if (signal?.aborted === true) {
        aborted();
        return;
      }
      signal?.addEventListener('abort', aborted, { once: true });
      this.#turns.push(turn);
    });
  }

  /** Ends after `ms`, when woken or when aborted, whichever comes first. */
  nap(actor: Actor, ms: number, signal: AbortSignal, waker: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const turn = this.#turn(actor, actor, 'time', 'nap', ms, () => {
        signal.removeEventListener('abort', wake);
        waker.delete(wake);
      });
      const wake = (): void => {
        turn.at = this.#now;
      };
      turn.resolve = resolve as (value: unknown) => void;
      if (!actor.alive) return;
      this.#turns.push(turn);
      if (signal.aborted) wake();
      else signal.addEventListener('abort', wake, { once: true });
      waker.add(wake);
    });
  }

  /** A call that awaits its turn. A killed process never hears of it again. */
  call<T>(kind: Kind, label: string, effect: () => T, actor = this.acting(), as = actor): Promise<T> {
    return new Promise((resolve, reject) => {
      const turn = this.#turn(actor, as, kind, label, this.#delay(kind), effect);
      turn.resolve = resolve as (value: unknown) => void;
      turn.reject = reject;
      if (actor.alive) this.#turns.push(turn);
    });
  }

  /** Starts something of its own at a time to come. */
  later(actor: Actor, kind: Kind, label: string, ms: number, effect: () => void): void {
    if (actor.alive) this.#turns.push(this.#turn(actor, actor, kind, label, ms, effect));
  }

  /** Takes the next turn out of the waiting ones; null when nobody will ever act again. */
  next(): Turn | null {
    let ready = this.#ready();
    if (ready.length === 0) {
      const soonest = this.#soonest();
      if (soonest === Infinity) return null;
      this.#now = soonest;
      ready = this.#ready();
    }
    const turn = this.#shuffled && ready.length > 1 ? this.#random.pick(ready) : ready[0];
    if (turn === undefined) return null;
    this.#turns.splice(this.#turns.indexOf(turn), 1);
    return turn;
  }

  /** Lets a turn wait again. */
  putBack(turn: Turn): void {
    this.#turns.push(turn);
  }

  /** Runs a turn and everything that follows from it at once. */
  async run(turn: Turn): Promise<void> {
    this.steps += 1;
    this.current = turn.as;
    if (turn.kind !== 'time') this.#trace.say(this.steps, this.#now, turn.actor.name, turn.label);
    this.deliver(turn);
    await this.drain();
  }

  deliver(turn: Turn): void {
    let value: unknown;
    try {
      value = turn.effect();
    } catch (error) {
      this.#trace.note(`  ↳ ${error instanceof Error ? error.message : String(error)}`);
      turn.reject(error);
      return;
    }
    turn.resolve(value);
  }

  async drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** What it had begun may have happened or not; nothing of it happens from now on. */
  kill(actor: Actor): void {
    actor.alive = false;
    const begun = this.#turns.filter((one) => one.as === actor || one.actor === actor);
    this.#turns = this.#turns.filter((one) => !begun.includes(one));
    for (const turn of begun) {
      if (turn.actor !== actor || (turn.kind !== 'file' && turn.kind !== 'git')) continue;
      if (!this.#random.chance(30)) continue;
      this.#trace.note(`  ↳ had happened: ${turn.label}`);
      this.finish(turn);
    }
  }

  /** The effect without an answer. */
  finish(turn: Turn): void {
    const before = this.current;
    this.current = { ...turn.as, alive: true };
    try {
      turn.effect();
    } catch (error) {
      // Nobody is there to be told.
      this.#trace.note(`  ↳ ${String(error)}`);
    }
    this.current = before;
  }

  #turn(actor: Actor, as: Actor, kind: Kind, label: string, ms: number, effect: () => unknown): Mutable {
    const nobody = (): void => undefined;
    return { actor, as, kind, label, at: this.#now + ms, effect, resolve: nobody, reject: nobody };
  }

  /** Most calls take a moment, some long. */
  #delay(kind: Kind): number {
    if (!this.#shuffled) return 0;
    if (kind === 'file') return this.#random.below(3);
    if (kind === 'agent') return this.#random.below(900);
    return this.#random.chance(4) ? this.#random.between(500, 8_000) : this.#random.below(40);
  }

  #ready(): readonly Turn[] {
    return this.#turns.filter(
      (one) => Math.max(one.at, one.actor.asleepUntil, one.as.asleepUntil) <= this.#now,
    );
  }

  #soonest(): number {
    let soonest = Infinity;
    for (const one of this.#turns) {
      soonest = Math.min(soonest, Math.max(one.at, one.actor.asleepUntil, one.as.asleepUntil));
    }
    return soonest;
  }
}

type Mutable = { -readonly [K in keyof Turn]: Turn[K] };
