import type { ModelErrorReason } from '../ports/models.ts';
import type { Instant } from '../town/ids.ts';
import type { Reading } from '../town/tank.ts';
import { amountOf } from './said.ts';

/** What was asked, as far as it matters for what an answer says about limits. */
export interface Asked {
  readonly model: string;
  readonly now: Instant;
}

/** An answer that is none, as the vendor sent it. */
export interface Refused {
  /** Null: inside an answer that had begun well, or that claimed to be one. */
  readonly status: number | null;
  readonly headers: Headers;
  /** Data where it was JSON, else its text. */
  readonly body: unknown;
}

/** The same in our words. */
export interface Failure {
  readonly reason: ModelErrorReason;
  readonly message: string;
  readonly retryAt: Instant | null;
  /** What it says of limits besides its headers. */
  readonly readings: readonly Reading[];
}

/** How a vendor speaks of its limits; the only place that reads them. */
export interface Dialect {
  /** From the headers of any answer. */
  readings(headers: Headers, asked: Asked): readonly Reading[];
  /** `told`: the readings of its headers. */
  failure(refused: Refused, asked: Asked, told: readonly Reading[]): Failure;
}

/** A reading where nothing is said of the size or the end of a limit. */
export function usedUp(gauge: string, model: string | null, known: Partial<Reading> = {}): Reading {
  return { gauge, model, used: 1, capacity: null, resetsAt: null, source: 'limitError', ...known };
}

/** How much is used of `limit` when `remaining` is left; null when that cannot be said. */
function usedOf(limit: number | null, remaining: number | null): number | null {
  if (remaining === null) return null;
  if (remaining <= 0) return 1;
  return limit === null || limit <= 0 ? null : 1 - remaining / limit;
}

/** What most vendors mean by a status; null is none. */
export function reasonOf(status: number | null): ModelErrorReason | null {
  if (status === null || status < 400) return null;
  return byStatus[status] ?? (status >= 500 ? 'overloaded' : 'refused');
}

const byStatus: Readonly<Partial<Record<number, ModelErrorReason>>> = {
  401: 'auth',
  402: 'credit',
  403: 'auth',
  408: 'connection',
  429: 'limit',
};

/** How a vendor's headers say of a limit that fills up all the time how large it is, what is left, and when it is full. */
export interface Buckets {
  /** Gauges by the vendor's names for them. */
  readonly gauges: Readonly<Record<string, string>>;
  readonly header: (name: string, what: 'limit' | 'remaining' | 'reset') => string;
  /** When a value of `reset` is; null where it says nothing. */
  readonly at: (reset: string) => Instant | null;
}

/** Buckets of the model that was asked; those that the headers say nothing of are left out. */
export function bucketReadings(
  headers: Headers,
  model: string,
  { gauges, header, at }: Buckets,
): readonly Reading[] {
  return Object.entries(gauges).flatMap(([name, gauge]): readonly Reading[] => {
    const of = (what: Parameters<Buckets['header']>[1]): string => headers.get(header(name, what)) ?? '';
    const capacity = amountOf(of('limit'));
    const used = usedOf(capacity, amountOf(of('remaining')));
    if (used === null && capacity === null) return [];
    return [{ gauge, model, used, capacity, resetsAt: at(of('reset')), source: 'headers' }];
  });
}
