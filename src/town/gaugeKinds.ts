import type { Usage } from './bead.ts';
import type { Need } from './fuel.ts';
import type { GaugeUnit } from './tank.ts';

/** What a session draws from a gauge. fresh: input and output; what a cache answered is not drawn. */
type Counts = 'fresh' | 'input' | 'output' | 'requests' | 'money' | 'agents';

/** atReset: full at once at its reset · steadily: a little comes back all the time · never: a person fills it up. */
type Refill = 'atReset' | 'steadily' | 'never';

export interface GaugeKind {
  readonly unit: GaugeUnit;
  /** Length in ms; null for none. */
  readonly window: number | null;
  readonly counts: Counts;
  readonly refill: Refill;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const rate = (unit: GaugeUnit, counts: Counts): GaugeKind => {
  return { unit, window: minute, counts, refill: 'steadily' };
};
const tokens = (window: number): GaugeKind => {
  return { unit: 'tokens', window, counts: 'fresh', refill: 'atReset' };
};

const kinds: ReadonlyMap<string, GaugeKind> = new Map([
  ['5h', tokens(5 * hour)],
  ['weekly', tokens(7 * day)],
  ['tokens/day', tokens(day)],
  ['requests/day', { unit: 'requests', window: day, counts: 'requests', refill: 'atReset' }],
  ['requests/min', rate('requests', 'requests')],
  ['tokens/min', rate('tokens', 'fresh')],
  ['input-tokens/min', rate('tokens', 'input')],
  ['output-tokens/min', rate('tokens', 'output')],
  ['balance', { unit: 'usd', window: null, counts: 'money', refill: 'never' }],
  ['spend', { unit: 'usd', window: null, counts: 'money', refill: 'atReset' }],
  ['concurrency', { unit: 'agents', window: null, counts: 'agents', refill: 'never' }],
]);

/** Lengths of windows that have a name. */
const named: ReadonlyMap<number, string> = new Map([
  [300, '5h'],
  [10_080, 'weekly'],
]);

/** The one name of a limit: a window of 300 minutes is `5h`. Null: no gauge has such a name. */
export function gaugeName(name: string): string | null {
  if (kinds.has(name)) return name;
  const minutes = minutesOf(name);
  return minutes === null ? null : (named.get(minutes) ?? `${String(minutes)}m`);
}

/** What a gauge of this name is; an unknown one is taken for a window of tokens that nobody knows the length of. */
export function kindOf(name: string): GaugeKind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const minutes = minutesOf(name);
  return minutes === null ? { ...tokens(0), window: null } : tokens(minutes * minute);
}

/** `<n>m`: a window of n minutes that nobody named; at most a year. */
function minutesOf(name: string): number | null {
  const digits = /^([1-9]\d{0,5})m$/.exec(name)?.[1];
  return digits === undefined || Number(digits) > 527_040 ? null : Number(digits);
}

/** How much of a gauge was drawn, in its unit. Money is not counted, and agents are while they run. */
export function drawnFrom(kind: GaugeKind, usage: Usage, requests: number): number {
  const drawn: Readonly<Record<Counts, number>> = {
    fresh: usage.input + usage.output,
    input: usage.input,
    output: usage.output,
    requests,
    money: 0,
    agents: 0,
  };
  return drawn[kind.counts];
}

/** How much of a gauge is needed, in its unit; null: nobody knows its price. */
export function neededFrom(kind: GaugeKind, need: Need): number | null {
  const needed: Readonly<Record<Counts, number | null>> = {
    fresh: need.tokens,
    // How a session's tokens divide is not known beforehand.
    input: need.tokens,
    output: need.tokens,
    requests: need.requests,
    money: need.usd,
    agents: 1,
  };
  return needed[kind.counts];
}

/** Whether what runs on a model draws from a gauge that is only for some; a class such as `opus` is part of a name. */
export function drawsFrom(gaugeModel: string | null, model: string): boolean {
  if (gaugeModel === null) return true;
  const [part, whole] = [gaugeModel.toLowerCase(), model.toLowerCase()];
  // Which model the vendor takes then is not known: it may be this one.
  if (whole === '' || whole === 'default') return true;
  return whole === part || whole.split(/[^a-z0-9.]+/).includes(part);
}
