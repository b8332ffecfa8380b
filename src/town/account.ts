import { type BudgetQuestion, budgetUses, nearBudgets, spentBudgets } from './budget.ts';
import { carry } from './carry.ts';
import { drawsOf } from './draws.ts';
import type { BudgetUse, Draw, Fuel, Need, Shortage, TankNews } from './fuel.ts';
import { type FuelState, emptyFuel, foldNews, growthOf } from './fuelState.ts';
import type { BeadId, ConvoyId, Instant, PolecatId, Token } from './ids.ts';
import { isNewsworthy } from './newsworthy.ts';
import type { ProcessIdentity } from './polecat.ts';
import { freshTank } from './presets.ts';
import { priceOf, utcDay } from './price.ts';
import { type PriceRow, prices } from './prices.ts';
import type { LedgerState } from './ledger.ts';
import { savingsOf } from './savings.ts';
import { tidyNews } from './tidyNews.ts';

/** One session of an agent, in all of a person's rigs. */
export interface SessionKey {
  readonly rig: string;
  readonly polecat: PolecatId;
  readonly token: Token;
}

/** The process that answers for reservations: a window's extension host, comparable across containers and machines. */
export interface Holder extends ProcessIdentity {
  /** Drawn when it opened the account; never used twice. */
  readonly id: string;
  readonly boot: string;
  readonly pidSpace: string;
  readonly machine: string;
}

/** A session as whoever launches or finds it tells of it. */
export interface ReservedSession extends SessionKey {
  /** Which provider account it draws from. */
  readonly tank: string;
  /** Empty: not known. */
  readonly model: string;
  /** What it is expected to draw; null: nothing is kept back for it. */
  readonly need: Need | null;
  /** What it works on, whose budgets it draws from; absent: not known. */
  readonly bead?: BeadId | null;
  readonly convoy?: ConvoyId | null;
  /** Absolute folder its shim writes to, so that anybody can tell whether it ever started; null: nobody can. */
  readonly spool: string | null;
  /** Null until its process is known. */
  readonly agent: ProcessIdentity | null;
}

/** That a session has one of the person's places. */
export interface Reservation extends ReservedSession {
  readonly holder: Holder;
  readonly at: Instant;
}

/** A rig that one of the person's windows opened. */
export interface KnownRig {
  readonly rig: string;
  /** Absolute path of its root folder. */
  readonly root: string;
  readonly name: string;
  readonly at: Instant;
}

/** Who owns a rig: its id, and the epoch of the owner's store. */
export interface Owner {
  readonly rig: string;
  readonly epoch: number;
}

/** What a person's windows share. */
export interface AccountState extends FuelState {
  readonly reservations: Readonly<Record<string, Reservation>>;
  readonly rigs: Readonly<Record<string, KnownRig>>;
  /** The newest owner of each rig that told of its sessions. */
  readonly epochs: Readonly<Record<string, number>>;
}

/** released: its session ended · gone: nobody who could run it lives · reconciled: its rig's owner does not know it. */
export type ReleaseCause = 'released' | 'gone' | 'reconciled';

export type AccountEvent =
  | { readonly type: 'reservation.made'; readonly reservation: Reservation }
  | { readonly type: 'reservation.taken_over'; readonly key: SessionKey; readonly holder: Holder }
  | { readonly type: 'reservation.confirmed'; readonly key: SessionKey; readonly agent: ProcessIdentity }
  | { readonly type: 'reservation.released'; readonly key: SessionKey; readonly cause: ReleaseCause }
  | { readonly type: 'rig.owned'; readonly rig: string; readonly epoch: number }
  | { readonly type: 'rig.seen'; readonly rig: KnownRig }
  | { readonly type: 'rig.forgotten'; readonly rig: string }
  | {
      readonly type: 'tank.told';
      readonly news: TankNews;
      readonly at: Instant;
      /** Of `drew`: the person's own day, and what is new of it costs so much at the API (null: nobody knows). */
      readonly day?: string;
      readonly usd?: number | null;
    };

/** What is decided on one state: the events that make it so, and what the asker is told. */
export interface AccountDecision<T> {
  readonly events: readonly AccountEvent[];
  readonly answer: T;
}

/** How many places a rig's sessions have; name and root are null when no window told of the rig. */
export interface PlacesHeld {
  readonly rig: string;
  readonly name: string | null;
  readonly root: string | null;
  readonly agents: number;
}

export type ReserveAnswer =
  | { readonly granted: true }
  /** Who has the places instead, most first. */
  | { readonly granted: false; readonly limit: number; readonly held: readonly PlacesHeld[] }
  /** Its account cannot carry it beside all that has a place already. */
  | { readonly granted: false; readonly shortage: Shortage };

export const emptyAccount: AccountState = { reservations: {}, rigs: {}, epochs: {}, ...emptyFuel };

/** Neither a polecat's id nor a token holds a blank, so two sessions never share one. */
export function keyOf({ rig, polecat, token }: SessionKey): string {
  return `${rig} ${polecat} ${String(token)}`;
}

export function foldAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'reservation.made':
      return withReservation(state, event.reservation);
    case 'reservation.taken_over':
      return changed(state, event.key, { holder: event.holder });
    case 'reservation.confirmed':
      return changed(state, event.key, { agent: event.agent });
    case 'reservation.released':
      return without(state, event.key);
    case 'rig.owned':
      return { ...state, epochs: { ...state.epochs, [event.rig]: event.epoch } };
    case 'rig.seen':
      return { ...state, rigs: { ...state.rigs, [event.rig.rig]: event.rig } };
    case 'rig.forgotten': {
      const rest = Object.entries(state.rigs).filter(([id]) => id !== event.rig);
      return { ...state, rigs: Object.fromEntries(rest) };
    }
    case 'tank.told': {
      const { news, at, day = utcDay(at), usd = null } = event;
      return foldNews(state, news, at, Object.values(state.reservations), { day, usd });
    }
  }
}

/** What a person's accounts can still give, beside what `places` may still draw. */
export function fuelOf(
  state: AccountState,
  places: readonly Reservation[],
  at: Instant,
  asked: BudgetQuestion | null = null,
): Fuel {
  const { tanks, learned } = state;
  const draws = drawsOf(places, state.counted, at);
  const known = { tanks, learned, draws, ...measuredIn(state.ledger) };
  if (asked === null) return { ...known, spent: [] };
  const all = usesOf(state, draws, asked);
  const near = new Set(all.filter((one) => nearBudgets([one]).length > 0));
  const budgets = all.filter((one) => one.day !== undefined || near.has(one));
  return { ...known, spent: spentBudgets(all), budgets };
}

function measuredIn(ledger: LedgerState): Pick<Fuel, 'savings'> {
  const savings = savingsOf(ledger);
  return savings.worded + savings.control === 0 ? {} : { savings };
}

function usesOf(state: AccountState, draws: readonly Draw[], asked: BudgetQuestion): readonly BudgetUse[] {
  const providerOf = (tank: string): string => (state.tanks[tank] ?? freshTank(tank, null)).provider;
  return budgetUses(state.ledger, draws, providerOf, asked);
}

/**
 * A place for a session, if fewer than `limit` others have one and its account can carry it beside them. Asked again for the same session it is granted again.
 * `gone` are reservations nobody is behind any more; those that are still as they were looked at are dropped first.
 */
export function reserve(
  state: AccountState,
  wanted: Reservation,
  limit: number,
  gone: readonly Reservation[],
  asked: BudgetQuestion | null = null,
): AccountDecision<ReserveAnswer> {
  const dropped = gone.filter((one) => isAsSeen(state, one) && keyOf(one) !== keyOf(wanted));
  const events: AccountEvent[] = dropped.map((one) => released(one, 'gone'));
  const others = without(dropped.reduce(without, state), wanted);
  const mine = state.reservations[keyOf(wanted)];
  if (mine !== undefined) {
    const { holder } = wanted;
    const key = sessionOf(wanted);
    if (mine.holder.id !== holder.id) events.push({ type: 'reservation.taken_over', key, holder });
  } else if (Object.keys(others.reservations).length < limit) {
    const shortage = shortageOf(others, wanted, asked);
    if (shortage !== null) return { events, answer: { granted: false, shortage } };
    events.push({ type: 'reservation.made', reservation: wanted });
  } else {
    return { events, answer: { granted: false, limit, held: placesHeld(others) } };
  }
  return { events, answer: { granted: true } };
}

/** Why its account cannot carry a session beside all others; null: it can, or nobody knows what it needs. */
function shortageOf(
  others: AccountState,
  wanted: Reservation,
  asked: BudgetQuestion | null,
): Shortage | null {
  const { tank, model, need, at } = wanted;
  const fuel = fuelOf(others, Object.values(others.reservations), at, asked);
  const provider = (others.tanks[tank] ?? freshTank(tank, null)).provider;
  const isForbidden = fuel.spent.some(({ scope, of }) => {
    if (scope === 'day') return true;
    return of === { bead: wanted.bead, convoy: wanted.convoy, provider }[scope];
  });
  if (isForbidden) return { kind: 'budget', tank, gauge: null, from: null };
  if (need === null) return null;
  const answer = carry(fuel, { tank, model }, need, at);
  return answer.ok ? null : answer.why;
}

/** The process a reservation was made for. False: there is no such reservation. */
export function confirm(
  state: AccountState,
  key: SessionKey,
  agent: ProcessIdentity,
): AccountDecision<boolean> {
  const found = state.reservations[keyOf(key)];
  if (found === undefined) return { events: [], answer: false };
  const known = isSameProcess(found.agent, agent);
  return {
    events: known ? [] : [{ type: 'reservation.confirmed', key: sessionOf(key), agent }],
    answer: true,
  };
}

export function release(state: AccountState, key: SessionKey): AccountDecision<void> {
  const there = state.reservations[keyOf(key)] !== undefined;
  return { events: there ? [released(key, 'released')] : [], answer: undefined };
}

/**
 * Makes a rig's reservations what its owner says they are: `live` are all of its sessions that run or may still begin.
 * One that runs without a place gets it, whatever the limit: it is there.
 */
export function reconcile(
  state: AccountState,
  { rig, epoch }: Owner,
  live: readonly Reservation[],
): AccountDecision<void> {
  const newest = state.epochs[rig] ?? 0;
  // A former owner that wakes tells of sessions that were over long ago.
  if (epoch < newest) return { events: [], answer: undefined };
  const keys = new Set(live.map(keyOf));
  const events: AccountEvent[] = epoch === newest ? [] : [{ type: 'rig.owned', rig, epoch }];
  for (const one of Object.values(state.reservations))
    if (one.rig === rig && !keys.has(keyOf(one))) events.push(released(one, 'reconciled'));
  for (const one of live) {
    const found = state.reservations[keyOf(one)];
    if (found === undefined) {
      events.push({ type: 'reservation.made', reservation: one });
      continue;
    }
    const key = sessionOf(one);
    if (found.holder.id !== one.holder.id)
      events.push({ type: 'reservation.taken_over', key, holder: one.holder });
    if (one.agent !== null && !isSameProcess(found.agent, one.agent))
      events.push({ type: 'reservation.confirmed', key, agent: one.agent });
  }
  return { events, answer: undefined };
}

/** What is new of what was told about accounts; nothing when all of it is known. */
export function tell(
  state: AccountState,
  news: readonly TankNews[],
  at: Instant,
  dayOf: (at: Instant) => string = utcDay,
  rows: readonly PriceRow[] = prices,
): AccountDecision<void> {
  const events: AccountEvent[] = [];
  let now = state;
  for (const one of news) {
    const tidied = tidyNews(one, at);
    if (tidied === null) continue;
    const event = {
      type: 'tank.told',
      news: tidied,
      at,
      ...bookingOf(now, tidied, at, dayOf, rows),
    } as const;
    const then = foldAccount(now, event);
    if (then === now || !isWorth(now, then, event)) continue;
    events.push(event);
    now = then;
  }
  return { events, answer: undefined };
}

/** What is new is priced by the hour at which it is told, and stays so whatever prices become. */
function bookingOf(
  state: AccountState,
  news: TankNews,
  at: Instant,
  dayOf: (at: Instant) => string,
  rows: readonly PriceRow[],
): Pick<Extract<AccountEvent, { type: 'tank.told' }>, 'day' | 'usd'> {
  const growth = news.kind === 'drew' ? growthOf(state, news) : null;
  if (news.kind !== 'drew' || growth === null) return {};
  const { usage, requests } = growth.more;
  return { day: dayOf(at), usd: priceOf(news.provider, news.model, usage, at, requests, rows) };
}

function isWorth(
  before: AccountState,
  after: AccountState,
  { news, at }: Extract<AccountEvent, { type: 'tank.told' }>,
): boolean {
  if (!('tank' in news)) return true;
  return isNewsworthy(before.tanks[news.tank], after.tanks[news.tank], news, at);
}

/** A rig is told again after this long, so that the register shows which ones are still in use. */
const tellAgainMs = 24 * 60 * 60 * 1000;

export function seeRig(state: AccountState, rig: KnownRig): AccountDecision<void> {
  const known = state.rigs[rig.rig];
  const told = known?.name === rig.name && known.root === rig.root && rig.at - known.at < tellAgainMs;
  return { events: told ? [] : [{ type: 'rig.seen', rig }], answer: undefined };
}

/** Off the register; the window that opens it next tells of it again. */
export function forgetRig(state: AccountState, rig: string): AccountDecision<void> {
  const known = Object.hasOwn(state.rigs, rig);
  return { events: known ? [{ type: 'rig.forgotten', rig }] : [], answer: undefined };
}

function placesHeld(state: AccountState): readonly PlacesHeld[] {
  const agents = new Map<string, number>();
  for (const { rig } of Object.values(state.reservations)) agents.set(rig, (agents.get(rig) ?? 0) + 1);
  return [...agents]
    .map(([rig, count]) => {
      const { name = null, root = null } = state.rigs[rig] ?? {};
      return { rig, name, root, agents: count };
    })
    .sort((a, b) => b.agents - a.agents || (a.rig < b.rig ? -1 : 1));
}

/** Nobody confirmed it or took it over since. */
function isAsSeen(state: AccountState, seen: Reservation): boolean {
  const now = state.reservations[keyOf(seen)];
  return now?.holder.id === seen.holder.id && isSameProcess(now.agent, seen.agent);
}

function isSameProcess(a: ProcessIdentity | null, b: ProcessIdentity | null): boolean {
  return a === null || b === null ? a === b : a.pid === b.pid && a.startTime === b.startTime;
}

function sessionOf({ rig, polecat, token }: SessionKey): SessionKey {
  return { rig, polecat, token };
}

function released(key: SessionKey, cause: ReleaseCause): AccountEvent {
  return { type: 'reservation.released', key: sessionOf(key), cause };
}

function withReservation(state: AccountState, one: Reservation): AccountState {
  return { ...state, reservations: { ...state.reservations, [keyOf(one)]: one } };
}

function without(state: AccountState, key: SessionKey): AccountState {
  const { [keyOf(key)]: _gone, ...reservations } = state.reservations;
  return { ...state, reservations };
}

function changed(state: AccountState, key: SessionKey, change: Partial<Reservation>): AccountState {
  const found = state.reservations[keyOf(key)];
  return found === undefined ? state : withReservation(state, { ...found, ...change });
}
