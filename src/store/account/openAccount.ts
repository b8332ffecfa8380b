import { type Account, AccountError, type LiveSession, type WantedSession } from '../../ports/account.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Files, Tail } from '../../ports/files.ts';
import type { Host } from '../../ports/host.ts';
import { realFiles } from '../../system/realFiles.ts';
import { realHost } from '../../system/realHost.ts';
import * as town from '../../town/account.ts';
import type { BudgetsOf } from '../../ports/fuel.ts';
import { localDay } from '../../system/localDay.ts';
import type { Budgets } from '../../town/budgets.ts';
import type { Fuel, TankNews } from '../../town/fuel.ts';
import type { LedgerState } from '../../town/ledger.ts';
import { type PriceRow, prices as known } from '../../town/prices.ts';
import type { ProcessIdentity } from '../../town/polecat.ts';
import type { Place } from '../place.ts';
import { folderMode } from '../records.ts';
import { openBeat, removeCard, removeDeadCards, writeCard } from './card.ts';
import { foundAccount } from './found.ts';
import { AccountJournal, type Mark } from './journal.ts';
import { Ledger } from './ledger.ts';
import { Living, beatMs } from './living.ts';
import { notWritable } from './problems.ts';
import { Turns } from './turns.ts';
import { type WatchFolder, watchFolder } from '../../system/watchFolder.ts';

export interface AccountOptions {
  /** Absolute; the person's, shared by all their windows. Made when it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly files?: Files;
  readonly host?: Host;
  readonly watch?: WatchFolder;
  /** What tokens cost, asked whenever some are told of; absent: the prices that are known. */
  readonly prices?: () => readonly PriceRow[];
  /** Steps after which the journal goes on in a new file; a figure for tests. */
  readonly linesPerFile?: number;
}

/** Whether others live is asked at every tick; what was seen this long ago is good enough to show. */
const freshMs = 2_000;

interface Parts {
  readonly place: Place;
  readonly clock: Clock;
  readonly host: Host;
  readonly watch: WatchFolder;
  readonly me: town.Holder;
  readonly journal: AccountJournal;
  readonly ledger: Ledger;
  readonly living: Living;
  readonly prices: () => readonly PriceRow[];
}

/**
 * Opens the account, made at its first opening. Throws AccountError when the folder cannot be used at all; that its
 * journal is damaged or a newer Rigs' is told by each call, so that a window needs no reload once it is mended.
 */
export async function openAccount(options: AccountOptions): Promise<Account> {
  const { folder, clock, files = realFiles, host = realHost, watch = watchFolder } = options;
  const { linesPerFile = 200, prices = () => known } = options;
  const place = { files, folder };
  try {
    await files.makeFolder(folder, folderMode);
    const nonce = await foundAccount(place);
    const me = await writeCard(place, host);
    const journal = new AccountJournal(place);
    const turns = new Turns(place, { host, clock, nonce, me: me.id });
    const ledger = new Ledger({ place, turns, journal, clock, linesPerFile });
    const living = new Living({ place, host, clock, me });
    return new SharedAccount({ place, clock, host, watch, me, journal, ledger, living, prices });
  } catch (error) {
    throw error instanceof AccountError ? error : notWritable(folder, error);
  }
}

class SharedAccount implements Account {
  readonly #parts: Parts;
  readonly #ending = new AbortController();
  readonly #tidying: Promise<void>;
  #beating: Promise<void> | null = null;
  /** What was last told to whoever waits for a change. */
  #told: Mark | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    // A card that stays is a small file and no more, so nobody waits for this or hears of it.
    this.#tidying = removeDeadCards(parts.place, parts.host).catch(() => undefined);
  }

  async reserve(session: WantedSession, limit: number, budgets?: Budgets): Promise<town.ReserveAnswer> {
    this.#beat();
    const { journal, ledger, living, clock } = this.#parts;
    const wanted = this.#reservation({ ...session, agent: null }, clock.now());
    // Looked at beforehand: others do not wait for it, and what is dead stays dead.
    let gone = await living.goneOf(Object.values((await journal.read()).state.reservations));
    for (;;) {
      let seen: readonly town.Reservation[] = [];
      const answer = await ledger.transact((state, at) => {
        const asked = budgets === undefined ? null : { budgets, rig: session.rig, day: localDay(at) };
        const decision = town.reserve(state, wanted, limit, gone, asked);
        seen = Object.values(decision.events.reduce(town.foldAccount, state).reservations);
        return decision;
      });
      if (answer.granted) return answer;
      // Another window may have died since the look.
      gone = await living.goneOf(seen);
      if (gone.length === 0) return answer;
    }
  }

  confirm(key: town.SessionKey, agent: ProcessIdentity): Promise<boolean> {
    return this.#parts.ledger.transact((state) => town.confirm(state, key, agent));
  }

  release(key: town.SessionKey): Promise<void> {
    return this.#parts.ledger.transact((state) => town.release(state, key));
  }

  reconcile(owner: town.Owner, live: readonly LiveSession[]): Promise<void> {
    if (live.length > 0) this.#beat();
    return this.#parts.ledger.transact((state, at) =>
      town.reconcile(
        state,
        owner,
        live.map((one) => this.#reservation({ ...one, rig: owner.rig }, at)),
      ),
    );
  }

  async held(): Promise<readonly town.Reservation[]> {
    return this.#living(await this.#read());
  }

  async tell(news: readonly TankNews[]): Promise<void> {
    const { journal, ledger, clock, prices } = this.#parts;
    const rows = prices();
    // Most of what is told is known already, and what is known takes no turn.
    const { state } = await journal.read();
    if (town.tell(state, news, clock.now(), localDay, rows).events.length === 0) return;
    await ledger.transact((newest, at) => town.tell(newest, news, at, localDay, rows));
  }

  async fuel(asked?: BudgetsOf): Promise<Fuel> {
    const state = await this.#read();
    const at = this.#parts.clock.now();
    const question = asked === undefined ? null : { ...asked, day: localDay(at) };
    return town.fuelOf(state, await this.#living(state), at, question);
  }

  async ledger(): Promise<LedgerState> {
    return (await this.#read()).ledger;
  }

  rigSeen(rig: Omit<town.KnownRig, 'at'>): Promise<void> {
    const { rig: id, root, name } = rig;
    return this.#parts.ledger.transact((state, at) => town.seeRig(state, { rig: id, root, name, at }));
  }

  forgetRig(rig: string): Promise<void> {
    return this.#parts.ledger.transact((state) => town.forgetRig(state, rig));
  }

  async rigs(): Promise<readonly town.KnownRig[]> {
    return Object.values((await this.#read()).rigs);
  }

  async changed(ms: number, signal: AbortSignal): Promise<void> {
    const { place, clock, watch, journal } = this.#parts;
    const woken = new AbortController();
    const either = AbortSignal.any([signal, woken.signal, this.#ending.signal]);
    const watcher = watch(place.folder, (name) => {
      if (name === null || name.startsWith('journal-')) woken.abort();
    });
    try {
      // What changed before the watcher stood would be missed.
      const [told, mark] = [this.#told, await journal.mark()];
      // Said once: who asks nothing in between is not to come back at once for ever.
      this.#told = mark;
      if (told !== null && mark !== null && !isSame(told, mark)) return;
      await clock.sleep(ms, either);
    } catch (error) {
      if (!either.aborted) throw error;
    } finally {
      watcher.close();
    }
  }

  async close(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    const { ledger, place, me } = this.#parts;
    await ledger.close();
    await this.#beating;
    await this.#tidying;
    try {
      await removeCard(place, me.id);
    } catch {
      // The next who opens the account removes it.
    }
  }

  async #read(): Promise<town.AccountState> {
    const recalled = await this.#parts.journal.read();
    this.#told = recalled;
    return recalled.state;
  }

  async #living({ reservations }: town.AccountState): Promise<readonly town.Reservation[]> {
    const all = Object.values(reservations);
    const gone = await this.#parts.living.goneOf(all, freshMs);
    return all.filter((one) => !gone.includes(one));
  }

  #reservation(session: town.ReservedSession, at: number): town.Reservation {
    const { rig, polecat, token, tank, model, need, bead = null, convoy = null, spool, agent } = session;
    const place = { rig, polecat, token, tank, model, need, bead, convoy, spool, agent };
    return { ...place, holder: this.#parts.me, at };
  }

  /** From its first place on, a window shows that it lives to those who cannot see its process. */
  #beat(): void {
    this.#beating ??= this.#beatUntilClosed();
  }

  async #beatUntilClosed(): Promise<void> {
    const { place, clock, me } = this.#parts;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      // A beat that cannot be written now is written the next time.
      beatOnce(() => openBeat(place, me.id));
      await clock.sleep(beatMs, signal).catch(() => undefined);
    }
  }
}

function beatOnce(open: () => Tail): void {
  try {
    const tail = open();
    tail.write(Buffer.from('.'));
    tail.close();
  } catch {
    // The disk is full or the folder gone: the next step of this window says so with words.
  }
}

function isSame(a: Mark, b: Mark): boolean {
  return a.segment === b.segment && a.bytes === b.bytes;
}
