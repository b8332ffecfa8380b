import { asWord, nameIn } from './asWord.ts';
import type { Trial, Usage } from './bead.ts';
import type { TankNews } from './fuel.ts';
import type { Instant } from './ids.ts';

/** What was drawn: tokens, requests, and what that costs at the vendors' APIs. */
export interface Spending extends Usage {
  readonly requests: number;
  /** Of all whose price is known. */
  readonly usd: number;
  /** Fresh tokens whose price nobody knows; `usd` says nothing of them. */
  readonly unpriced: number;
}

export interface DatedSpending extends Spending {
  /** When it last grew. */
  readonly at: Instant;
}

export interface BeadSpending extends DatedSpending {
  /** Of a bead that is completed: what it was drawn for; absent: nothing, or it is not completed. */
  readonly trial?: Trial;
  /** What of it the assayer drew; absent: nothing. */
  readonly assayer?: Spending;
}

/** By `spendingKey`: a provider's agents, and its assayer, apart. */
export type ByProvider = Readonly<Record<string, Spending>>;

/** What a person's rigs and windows drew, all together. */
export interface LedgerState {
  /** By `inRig` of rig and bead. */
  readonly beads: Readonly<Record<string, BeadSpending>>;
  /** By `inRig` of rig and convoy. */
  readonly convoys: Readonly<Record<string, DatedSpending>>;
  /** By the person's own day, `YYYY-MM-DD`; the last 90 that something was drawn on. */
  readonly days: Readonly<Record<string, ByProvider>>;
  /** Older days, by month, `YYYY-MM`. */
  readonly months: Readonly<Record<string, ByProvider>>;
  /** Limits that a person raised for one budget alone, by `budgetKey`. */
  readonly raised: Readonly<Record<string, number>>;
}

export const emptyLedger: LedgerState = { beads: {}, convoys: {}, days: {}, months: {}, raised: {} };

export const noSpending: Spending = {
  ...{ input: 0, cachedInput: 0, output: 0 },
  ...{ requests: 0, usd: 0, unpriced: 0 },
};

/** What one session drew since it was last told of. */
export interface Booking {
  readonly news: Extract<TankNews, { kind: 'drew' }>;
  readonly usage: Usage;
  readonly requests: number;
  /** Null: nobody knows what it costs. */
  readonly usd: number | null;
  /** The person's, `YYYY-MM-DD`. */
  readonly day: string;
  readonly at: Instant;
}

const mostBeads = 500;
const mostConvoys = 200;
const mostDays = 90;
const mostMonths = 60;
const mostRaised = 200;
const mostInDay = 60;

export function booked(ledger: LedgerState, booking: Booking): LedgerState {
  const { news, day, at } = booking;
  const more = spendingOf(booking);
  const { rig, bead, convoy } = news;
  return {
    ...ledger,
    ...withDay(ledger, day, spendingKey(news.provider, news.role), more),
    beads: bead === null ? ledger.beads : withBead(ledger.beads, inRig(rig, bead), more, booking),
    convoys:
      convoy === null ? ledger.convoys : grown(ledger.convoys, inRig(rig, convoy), more, at, mostConvoys),
  };
}

/** Never less than it is already: told again, it stays as it is. */
export function raised(ledger: LedgerState, key: string, limit: number): LedgerState {
  if ((ledger.raised[key] ?? 0) >= limit) return ledger;
  const { [key]: _before, ...others } = ledger.raised;
  const kept = Object.entries(others).slice(1 - mostRaised);
  return { ...ledger, raised: { ...Object.fromEntries(kept), [key]: limit } };
}

/** A bead of which something was drawn is completed. */
export function completed(ledger: LedgerState, key: string, trial: Trial): LedgerState {
  const spent = ledger.beads[key];
  if (spent === undefined || spent.trial === trial) return ledger;
  return { ...ledger, beads: { ...ledger.beads, [key]: { ...spent, trial } } };
}

/** No rig's id holds a blank. */
export function inRig(rig: string, id: string): string {
  return `${rig} ${id}`;
}

export function spendingKey(provider: string, role: Booking['news']['role']): string {
  return `${asWord(provider)} ${role}`;
}

/** What `spendingKey` was made of. */
export function spenderOf(key: string): { readonly provider: string; readonly role: string } {
  const [provider = '', role = ''] = key.split(' ');
  return { provider: nameIn(provider), role };
}

/** Of a day, or of one provider in it. */
export function spentOn(ledger: LedgerState, day: string, provider: string | null = null): Spending {
  const all = Object.entries(ledger.days[day] ?? {});
  return sum(
    all.filter(([key]) => provider === null || spenderOf(key).provider === provider).map(([, one]) => one),
  );
}

export function sum(all: readonly Spending[]): Spending {
  return all.reduce(plus, noSpending);
}

function plus(a: Spending, b: Spending): Spending {
  return {
    input: a.input + b.input,
    cachedInput: a.cachedInput + b.cachedInput,
    output: a.output + b.output,
    requests: a.requests + b.requests,
    // So that many small sums are as much as one large one.
    usd: Math.round((a.usd + b.usd) * 1e9) / 1e9,
    unpriced: a.unpriced + b.unpriced,
  };
}

function spendingOf({ usage, requests, usd }: Booking): Spending {
  return { ...usage, requests, usd: usd ?? 0, unpriced: usd === null ? usage.input + usage.output : 0 };
}

function withBead(
  all: LedgerState['beads'],
  key: string,
  more: Spending,
  { news: { role }, at }: Booking,
): LedgerState['beads'] {
  const next = grown(all, key, more, at, mostBeads);
  const spent = next[key];
  if (role !== 'assayer' || spent === undefined) return next;
  return { ...next, [key]: { ...spent, assayer: plus(spent.assayer ?? noSpending, more) } };
}

function grown(
  all: Readonly<Record<string, BeadSpending>>,
  key: string,
  more: Spending,
  at: Instant,
  most: number,
): LedgerState['beads'] {
  const before = all[key];
  const next = { ...all, [key]: { ...before, ...plus(before ?? noSpending, more), at } };
  if (Object.hasOwn(all, key) || Object.keys(all).length < most) return next;
  // Those that ended long ago draw nothing any more. A few at once, so that the next ones need not look.
  const newest = Object.entries(next).toSorted(([, a], [, b]) => b.at - a.at);
  return Object.fromEntries(newest.slice(0, Math.ceil(most * 0.9)));
}

function withDay(
  { days, months }: LedgerState,
  day: string,
  key: string,
  more: Spending,
): Pick<LedgerState, 'days' | 'months'> {
  const next = { ...days, [day]: withMore(days[day] ?? {}, key, more) };
  const old = Object.keys(next).toSorted().slice(0, -mostDays);
  if (old.length === 0) return { days: next, months };
  const kept = Object.fromEntries(Object.entries(next).filter(([one]) => !old.includes(one)));
  return { days: kept, months: old.reduce((sofar, one) => intoMonth(sofar, one, next[one] ?? {}), months) };
}

function intoMonth(months: LedgerState['months'], day: string, of: ByProvider): LedgerState['months'] {
  const month = day.slice(0, 7);
  const before = months[month] ?? {};
  const after = Object.entries(of).reduce((sofar, [key, more]) => withMore(sofar, key, more), before);
  const next = Object.entries({ ...months, [month]: after }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(next.slice(-mostMonths));
}

/** What has more providers than anybody uses is one that makes names up; its tokens count all the same. */
function withMore(all: ByProvider, key: string, more: Spending): ByProvider {
  const isKnown = Object.hasOwn(all, key) || Object.keys(all).length < mostInDay;
  const name = isKnown ? key : 'others agent';
  return { ...all, [name]: plus(all[name] ?? noSpending, more) };
}
