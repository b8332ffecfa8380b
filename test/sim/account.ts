import type { Owner } from '../../src/town/account.ts';
import type { Account, LiveSession, WantedSession } from '../../src/ports/account.ts';
import {
  type AccountState,
  type KnownRig,
  type Reservation,
  type ReserveAnswer,
  type SessionKey,
  emptyAccount,
  foldAccount,
  fuelOf,
  keyOf,
  reserve,
  tell,
} from '../../src/town/account.ts';
import type { BudgetsOf } from '../../src/ports/fuel.ts';
import type { Budgets } from '../../src/town/budgets.ts';
import type { Fuel, TankNews } from '../../src/town/fuel.ts';
import type { LedgerState } from '../../src/town/ledger.ts';
import { utcDay } from '../../src/town/price.ts';
import type { ProcessIdentity } from '../../src/town/polecat.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Sessions } from './sessions.ts';

interface Held {
  reservation: Reservation;
  holder: Actor;
}

/** The places of a person: what all windows share. Its own durability is not in question here. */
export class SimPlaces {
  readonly held = new Map<string, Held>();
  /** Of the newest owner that told of its sessions. */
  epoch = 0;
  readonly wakers = new Set<() => void>();
  tanks: AccountState = emptyAccount;

  get state(): AccountState {
    const held = [...this.held].map(([key, { reservation }]) => [key, reservation] as const);
    return { ...this.tanks, reservations: Object.fromEntries(held) };
  }

  /** A person sets another key for each account that let nobody in; false: all let somebody in. */
  mend(at: number): boolean {
    const kept = Object.values(this.tanks.tanks).filter(({ problem }) => problem !== null);
    if (kept.length === 0) return false;
    const news = kept.map(({ id }): TankNews => ({ kind: 'mended', tank: id }));
    this.tanks = tell(this.state, news, at).events.reduce(foldAccount, this.state);
    for (const wake of this.wakers) wake();
    return true;
  }

  /** A place counts as long as its window or its agent lives. */
  sweep(sessions: Sessions): void {
    for (const [key, { reservation, holder }] of this.held) {
      const { agent } = reservation;
      if (!holder.alive && (agent === null || !sessions.isAlive(agent.pid))) this.held.delete(key);
    }
  }
}

export interface SimAccountParts {
  readonly places: SimPlaces;
  readonly sessions: Sessions;
  readonly scheduler: Scheduler;
  readonly actor: Actor;
}

/** The account as one window sees it. */
export class SimAccount implements Account {
  readonly #parts: SimAccountParts;

  constructor(parts: SimAccountParts) {
    this.#parts = parts;
  }

  reserve(session: WantedSession, limit: number, budgets?: Budgets): Promise<ReserveAnswer> {
    const { places, sessions } = this.#parts;
    return this.#call('reserves a place', () => {
      places.sweep(sessions);
      const wanted = this.#held({ ...session, agent: null });
      const { answer } = reserve(
        places.state,
        wanted.reservation,
        limit,
        [],
        budgets === undefined
          ? null
          : { budgets, rig: session.rig, day: utcDay(this.#parts.scheduler.now()) },
      );
      if (answer.granted) places.held.set(keyOf(session), wanted);
      return answer;
    });
  }

  confirm(key: SessionKey, agent: ProcessIdentity): Promise<boolean> {
    return this.#call('confirms a place', () => {
      const held = this.#parts.places.held.get(keyOf(key));
      if (held !== undefined) held.reservation = { ...held.reservation, agent };
      return held !== undefined;
    });
  }

  release(key: SessionKey): Promise<void> {
    return this.#call('releases a place', () => {
      this.#parts.places.held.delete(keyOf(key));
      for (const wake of this.#parts.places.wakers) wake();
    });
  }

  reconcile({ rig, epoch }: Owner, live: readonly LiveSession[]): Promise<void> {
    return this.#call('reconciles its places', () => {
      if (epoch < this.#parts.places.epoch) return;
      this.#parts.places.epoch = epoch;
      this.#parts.places.held.clear();
      for (const session of live)
        this.#parts.places.held.set(keyOf({ rig, ...session }), this.#held({ rig, ...session }));
    });
  }

  tell(news: readonly TankNews[]): Promise<void> {
    const { places, scheduler } = this.#parts;
    return this.#call('tells of tanks', () => {
      const { events } = tell(places.state, news, scheduler.now());
      places.tanks = events.reduce(foldAccount, places.state);
      if (events.length > 0) for (const wake of places.wakers) wake();
    });
  }

  ledger(): Promise<LedgerState> {
    return Promise.resolve(this.#parts.places.tanks.ledger);
  }

  fuel(asked?: BudgetsOf): Promise<Fuel> {
    const { places, scheduler } = this.#parts;
    const all = [...places.held.values()].map(({ reservation }) => reservation);
    return Promise.resolve(
      fuelOf(
        places.tanks,
        all,
        scheduler.now(),
        asked === undefined ? null : { ...asked, day: utcDay(scheduler.now()) },
      ),
    );
  }

  held(): Promise<readonly Reservation[]> {
    return Promise.resolve([...this.#parts.places.held.values()].map(({ reservation }) => reservation));
  }

  rigSeen(): Promise<void> {
    return Promise.resolve();
  }

  forgetRig(): Promise<void> {
    return Promise.resolve();
  }

  rigs(): Promise<readonly KnownRig[]> {
    return Promise.resolve([]);
  }

  changed(ms: number, signal: AbortSignal): Promise<void> {
    const { scheduler, actor, places } = this.#parts;
    return scheduler.nap(actor, ms, signal, places.wakers);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #held(session: Omit<Reservation, 'holder' | 'at'>): Held {
    const { actor, scheduler } = this.#parts;
    const { pid } = actor;
    const holder = { id: actor.name, pid, startTime: String(pid), boot: '', pidSpace: '', machine: 'm' };
    return { reservation: { ...session, holder, at: scheduler.now() }, holder: actor };
  }

  #call<T>(label: string, effect: () => T): Promise<T> {
    return this.#parts.scheduler.call('account', label, effect, this.#parts.actor);
  }
}
