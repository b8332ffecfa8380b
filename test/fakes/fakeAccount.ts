import type { Instant } from '../../src/town/ids.ts';
import type { Account, AccountError, LiveSession, WantedSession } from '../../src/ports/account.ts';
import {
  type AccountState,
  type KnownRig,
  type Owner,
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

const holder = { pid: 1, startTime: 's', id: 'window', boot: '', pidSpace: '', machine: '' };

/** A person's account without a disk, of one window that never dies. */
export class FakeAccount implements Account {
  readonly places = new Map<string, Reservation>();
  /** Set to make giving a place back fail. */
  problem: AccountError | null = null;
  readonly known = new Map<string, KnownRig>();
  /** Everything it was told of tanks, in this order. */
  readonly told: TankNews[] = [];
  /** What the tanks go by; a test without a clock sets it. */
  now = 0;
  readonly #clock: (() => Instant) | null;
  #tanks: AccountState = emptyAccount;
  readonly #waiting = new Set<() => void>();

  constructor(clock: (() => Instant) | null = null) {
    this.#clock = clock;
  }

  reserve(session: WantedSession, limit: number, budgets?: Budgets): Promise<ReserveAnswer> {
    const wanted = { ...session, agent: null, holder, at: this.#at() };
    const { answer } = reserve(
      this.#state(),
      wanted,
      limit,
      [],
      budgets === undefined ? null : { budgets, rig: session.rig, day: utcDay(this.#at()) },
    );
    const key = keyOf(session);
    if (answer.granted) this.places.set(key, this.places.get(key) ?? wanted);
    return Promise.resolve('held' in answer ? { ...answer, held: [] } : answer);
  }

  confirm(key: SessionKey, agent: ProcessIdentity): Promise<boolean> {
    const place = this.places.get(keyOf(key));
    if (place !== undefined) this.places.set(keyOf(key), { ...place, agent });
    return Promise.resolve(place !== undefined);
  }

  release(key: SessionKey): Promise<void> {
    if (this.problem !== null) return Promise.reject(this.problem);
    this.places.delete(keyOf(key));
    for (const wake of this.#waiting) wake();
    return Promise.resolve();
  }

  reconcile({ rig }: Owner, live: readonly LiveSession[]): Promise<void> {
    for (const [key, place] of this.places) if (place.rig === rig) this.places.delete(key);
    for (const one of live) this.places.set(keyOf({ ...one, rig }), { ...one, rig, holder, at: 0 });
    return Promise.resolve();
  }

  #at(): Instant {
    return this.#clock?.() ?? this.now;
  }

  tell(news: readonly TankNews[]): Promise<void> {
    if (this.problem !== null) return Promise.reject(this.problem);
    this.told.push(...news);
    const { events } = tell(this.#state(), news, this.#at());
    this.#tanks = events.reduce(foldAccount, this.#state());
    if (events.length > 0) for (const wake of this.#waiting) wake();
    return Promise.resolve();
  }

  ledger(): Promise<LedgerState> {
    return Promise.resolve(this.#tanks.ledger);
  }

  fuel(asked?: BudgetsOf): Promise<Fuel> {
    if (this.problem !== null) return Promise.reject(this.problem);
    return Promise.resolve(
      fuelOf(
        this.#tanks,
        [...this.places.values()],
        this.#at(),
        asked === undefined ? null : { ...asked, day: utcDay(this.#at()) },
      ),
    );
  }

  held(): Promise<readonly Reservation[]> {
    return Promise.resolve([...this.places.values()]);
  }

  rigSeen(rig: Omit<KnownRig, 'at'>): Promise<void> {
    this.known.set(rig.rig, { ...rig, at: 0 });
    return Promise.resolve();
  }

  forgetRig(rig: string): Promise<void> {
    this.known.delete(rig);
    return Promise.resolve();
  }

  rigs(): Promise<readonly KnownRig[]> {
    return Promise.resolve([...this.known.values()]);
  }

  /** Told when a place is given back or something new is told, and not by time. */
  changed(_ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #state(): AccountState {
    return { ...this.#tanks, reservations: Object.fromEntries(this.places) };
  }
}
