import type { Usage } from './bead.ts';
import { type Counted, type Drawing, sessionKey } from './draws.ts';
import type { Learned, TankNews } from './fuel.ts';
import { drawnBy, foldTank } from './foldTank.ts';
import type { Instant } from './ids.ts';
import { budgetKey } from './budget.ts';
import { learn } from './learn.ts';
import { type LedgerState, booked, completed, emptyLedger, inRig, raised } from './ledger.ts';
import { freshTank } from './presets.ts';
import type { Tank } from './tank.ts';

/** What a person's windows know of accounts together. */
export interface FuelState {
  readonly tanks: Readonly<Record<string, Tank>>;
  readonly learned: Learned;
  /** By session and model: totals of which only what is new is drawn. */
  readonly counted: Readonly<Record<string, Counted>>;
  /** The last ends of beads that were told of, by `once`. */
  readonly ended: readonly string[];
  readonly ledger: LedgerState;
}

/** On which of the person's days something was drawn, and what it costs; null: nobody knows. */
export interface Booked {
  readonly day: string;
  readonly usd: number | null;
}

export const emptyFuel: FuelState = {
  tanks: {},
  learned: { success: {}, sizes: {} },
  counted: {},
  ended: [],
  ledger: emptyLedger,
};

const mostTanks = 100;
const mostEnded = 200;
/** A session's last word may come after its place was given back. */
const lateMs = 6 * 3_600_000;
const mostCounted = 400;

/** `places`: all sessions that have one now. What changes nothing gives the same state. */
export function foldNews<S extends FuelState>(
  state: S,
  news: TankNews,
  at: Instant,
  places: readonly Drawing[],
  booking: Booked,
): S {
  switch (news.kind) {
    case 'forgotLearned':
      return Object.keys(state.learned.success).length === 0
        ? state
        : { ...state, learned: emptyFuel.learned };
    case 'finished':
      return finished(state, news);
    case 'drew':
      return drew(state, news, at, places, booking);
    case 'raised':
      return withLedger(
        state,
        raised(state.ledger, budgetKey(news.rig, ofBudget(news), news.unit), news.limit),
      );
    default: {
      const running = (model: string): number =>
        places.filter((one) => one.tank === news.tank && one.model === model).length;
      const provider = 'provider' in news ? news.provider : null;
      return withTank(state, news.tank, provider, (tank) => foldTank(tank, news, at, running));
    }
  }
}

function finished<S extends FuelState>(state: S, news: Extract<TankNews, { kind: 'finished' }>): S {
  const { once } = news;
  if (once !== undefined && state.ended.includes(once)) return state;
  const ended = once === undefined ? state.ended : [...state.ended, once].slice(-mostEnded);
  const learned = { ...state, ended, learned: learn(state.learned, news) };
  const { measured } = news;
  if (measured === undefined) return learned;
  return withLedger(learned, completed(state.ledger, inRig(measured.rig, measured.bead), measured.trial));
}

function ofBudget({
  scope,
  of,
  day,
}: Extract<TankNews, { kind: 'raised' }>): Parameters<typeof budgetKey>[1] {
  return day === null ? { scope, of } : { scope, of, day };
}

function withLedger<S extends FuelState>(state: S, ledger: LedgerState): S {
  return ledger === state.ledger ? state : { ...state, ledger };
}

type Drew = Extract<TankNews, { kind: 'drew' }>;

interface Growth {
  readonly key: string;
  readonly usage: Usage;
  readonly requests: number;
  readonly more: { readonly usage: Usage; readonly requests: number };
}

/** What is new of a session's totals; null: nothing. They only grow: what arrives out of order takes nothing back. */
export function growthOf(state: FuelState, news: Drew): Growth | null {
  const key = `${sessionKey(news)} ${news.model}`;
  const before = state.counted[key] ?? { usage: { input: 0, cachedInput: 0, output: 0 }, requests: 0 };
  const usage = {
    input: Math.max(before.usage.input, news.usage.input),
    cachedInput: Math.max(before.usage.cachedInput, news.usage.cachedInput),
    output: Math.max(before.usage.output, news.usage.output),
  };
  const requests = Math.max(before.requests, news.requests);
  const more = {
    usage: {
      input: usage.input - before.usage.input,
      cachedInput: usage.cachedInput - before.usage.cachedInput,
      output: usage.output - before.usage.output,
    },
    requests: requests - before.requests,
  };
  if (more.requests <= 0 && Object.values(more.usage).every((one) => one <= 0)) return null;
  return { key, usage, requests, more };
}

function drew<S extends FuelState>(
  state: S,
  news: Drew,
  at: Instant,
  places: readonly Drawing[],
  { day, usd }: Booked,
): S {
  const growth = growthOf(state, news);
  if (growth === null) return state;
  const { tank, provider, model } = news;
  const { key, usage, requests, more } = growth;
  const drawn = withTank(state, tank, provider, (one) => drawnBy(one, model, more, at));
  const session = sessionKey(news);
  const counted = { ...stillCounted(state, places, at), [key]: { session, tank, usage, requests, at } };
  const ledger = booked(state.ledger, { news, ...more, usd, day, at });
  return { ...drawn, counted, ledger };
}

/** Without sessions that are over for long: nobody tells of them any more. */
function stillCounted({ counted }: FuelState, places: readonly Drawing[], at: Instant): FuelState['counted'] {
  const live = new Set(places.map(sessionKey));
  const kept = Object.entries(counted).filter(([, one]) => live.has(one.session) || at - one.at < lateMs);
  if (kept.length < mostCounted) return Object.fromEntries(kept);
  const newest = kept.toSorted(([, a], [, b]) => b.at - a.at);
  return Object.fromEntries(newest.slice(0, mostCounted));
}

function withTank<S extends FuelState>(
  state: S,
  id: string,
  provider: string | null,
  change: (tank: Tank) => Tank,
): S {
  const known = state.tanks[id];
  if (known === undefined && Object.keys(state.tanks).length >= mostTanks) return state;
  const before = known ?? freshTank(id, provider);
  const named = provider === null || provider === before.provider ? before : { ...before, provider };
  const tank = change(named);
  // A tank is heard of for the first time by what changes it.
  return tank === known || (known === undefined && tank === before)
    ? state
    : { ...state, tanks: { ...state.tanks, [id]: tank } };
}
