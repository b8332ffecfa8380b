import type { Usage } from './bead.ts';
import type { Drawing } from './draws.ts';
import type { Learned, TankNews } from './fuel.ts';
import type { Instant } from './ids.ts';
import type { Tank } from './tank.ts';

/** What was counted of a session on one model. */
export interface Counted {
  /** By `sessionKey`. */
  readonly session: string;
  readonly tank: string;
  readonly usage: Usage;
  readonly requests: number;
  readonly at: Instant;
}

/** What a person's windows know of accounts together. */
export interface FuelState {
  readonly tanks: Readonly<Record<string, Tank>>;
  readonly learned: Learned;
  /** By session and model: totals of which only what is new is drawn. */
  readonly counted: Readonly<Record<string, Counted>>;
  /** The last ends of beads that were told of, by `once`. */
  readonly ended: readonly string[];
}

export const emptyFuel: FuelState = {
  tanks: {},
  learned: { success: {}, sizes: {} },
  counted: {},
  ended: [],
};

/** `places`: all sessions that have one now. */
export function foldNews<S extends FuelState>(
  state: S,
  _news: TankNews,
  _at: Instant,
  _places: readonly Drawing[],
): S {
  return state;
}

/** Whether what was told is worth to be kept. */
export function isNews<S extends FuelState>(
  before: S,
  after: S,
  _told: { readonly news: TankNews; readonly at: Instant },
): boolean {
  return before !== after;
}
