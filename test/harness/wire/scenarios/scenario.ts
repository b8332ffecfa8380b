/**
 * What happens to accounts, as each vendor's API says it, with what must be made of it. Instants are ms after now;
 * where a vendor knows no such thing, it has no such scenario.
 */
import type { ModelErrorReason } from '../../../../src/ports/models.ts';
import type { Turn } from '../turn.ts';

/** The clock when the request came. */
export interface When {
  readonly now: number;
}

/** `gauge used` with the model it is for, as `tokens/min 0.5 of m`, and when it is back. */
export type Told = readonly [reading: string, resetsIn: number | null];

export interface Scenario {
  /** One a request. */
  readonly turns: readonly ((when: When) => Turn)[];
  /** Null: it answers. */
  readonly fails: readonly [reason: ModelErrorReason, retryIn: number | null] | null;
  /** What it was asked again for. */
  readonly restarts?: readonly ModelErrorReason[];
  /** All readings in turn. */
  readonly told: readonly Told[];
  /** By how much the clock was slept on. */
  readonly slept?: readonly [least: number, most: number];
}

export type ScenarioName =
  | 'normal'
  | 'warning'
  | 'a storm within a minute'
  | 'the limit of a minute, too long to wait'
  | 'five hours reached'
  | 'a week reached'
  | 'a day reached'
  | 'overload'
  | 'overload in the middle of an answer'
  | 'a spend limit'
  | 'a balance of 0'
  | 'a clock that is off'
  | 'missing headers'
  | 'a 200 that carries a limit'
  | 'a limit that moves'
  | 'a wrong key'
  | 'keep-alives';

export type Scenarios = Readonly<Partial<Record<ScenarioName, Scenario>>>;

export const minute = 60_000;
export const hour = 60 * minute;
export function iso(at: number): string {
  return new Date(at).toISOString();
}
export function seconds(at: number): string {
  return String(Math.round(at / 1000));
}
export function utc(at: number): string {
  return new Date(at).toUTCString();
}
export const says: Turn = { text: 'All is well.', usage: { input: 100, cached: 40, output: 20 } };
export function normally(): Turn {
  return says;
}
export const none: readonly Told[] = [];
export const normal: Scenario = { turns: [normally], fails: null, told: none };

/** Vendors answer this to a wrong key. */
const refusedKey = (): Turn => ({ status: 401 });
export const wrongKey: Scenario = { turns: [refusedKey], fails: ['auth', null], told: none };
export function busyTwice(status: number): Scenario {
  return {
    turns: [() => ({ status }), () => ({ status }), normally],
    ...{ fails: null, restarts: ['overloaded', 'overloaded'], told: none, slept: [500, 2_000] },
  };
}
