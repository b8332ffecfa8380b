import type { Instant } from './ids.ts';

/** measured: the vendor said so · counted: Rigs counted what it drew itself · estimated: a preset, nobody said so yet. */
export type Certainty = 'measured' | 'counted' | 'estimated';

export type GaugeUnit = 'tokens' | 'requests' | 'usd' | 'agents';

/** Where a reading comes from. */
export const readingSources = [
  'headers',
  'statusLine',
  'rollout',
  'telemetry',
  'poll',
  'limitError',
  'count',
  'preset',
  'person',
] as const;
export type ReadingSource = (typeof readingSources)[number];

/**
 * One limit of an account as somebody just told of it. `gauge` names the limit (`gaugeKinds.ts`): windows by their
 * length, never by their place in an answer. What is not said is null; nothing in it is trusted before `tidyReading`.
 */
export interface Reading {
  readonly gauge: string;
  /** Only this model, or class of models, draws from it; null: all do. */
  readonly model: string | null;
  /** Fraction used, 0–1. */
  readonly used: number | null;
  /** Size of the limit in the gauge's unit. */
  readonly capacity: number | null;
  readonly resetsAt: Instant | null;
  readonly source: ReadingSource;
}

/** What a reading said was left: what burn rates and sizes are measured by. */
export interface Sample {
  readonly at: Instant;
  readonly left: number;
  /** In the gauge's unit, by Rigs until then, since the first sample. */
  readonly drawn: number;
}

/** One limit of an account, as far as it is known. */
export interface Gauge {
  readonly gauge: string;
  readonly model: string | null;
  /** Fraction remaining, 0–1, of what was said at `at`, less what Rigs drew since. */
  readonly left: number;
  /** In the gauge's unit; null: nobody knows yet. */
  readonly capacity: number | null;
  /** How sure `capacity` is; a fraction may be measured while the size behind it is a guess. */
  readonly capacityCertainty: Certainty;
  readonly resetsAt: Instant | null;
  readonly certainty: Certainty;
  readonly source: ReadingSource;
  /** When it was last told of. */
  readonly at: Instant;
  /** In the gauge's unit, by Rigs since `at`. */
  readonly drawn: number;
  /** Since its last reset, the oldest first. */
  readonly samples: readonly Sample[];
}

/** How many may run at once on one model of an account: more after clean runs, fewer after a throttle. */
export interface Pace {
  readonly limit: number;
  readonly clean: number;
  readonly changedAt: Instant;
}

/** Why an account is left alone though its gauges would give. */
export interface Breaker {
  /** Errors in a row. */
  readonly errors: number;
  /** How often in a row it was opened; the wait doubles. */
  readonly trips: number;
  readonly until: Instant | null;
}

/** What only a person can mend: a wrong key, an expired login, no credit. */
export interface TankProblem {
  readonly kind: 'auth' | 'credit';
  readonly detail: string;
  readonly at: Instant;
}

/** Who asked last what costs nothing, and when. */
export interface Question {
  readonly by: string;
  readonly at: Instant;
}

/** What one account at one provider can still give, to all of a person's rigs and windows. */
export interface Tank {
  readonly id: string;
  readonly provider: string;
  /** By `gaugeKey`. */
  readonly gauges: Readonly<Record<string, Gauge>>;
  /** By model. */
  readonly paces: Readonly<Record<string, Pace>>;
  readonly breaker: Breaker;
  readonly problem: TankProblem | null;
  /** Absent: nobody asked yet. */
  readonly asked?: Question;
  /** When a person last mended it, or set another key for it. Absent: never. */
  readonly mended?: Instant;
}

/** No gauge's name holds a blank. */
export function gaugeKey(gauge: string, model: string | null): string {
  return model === null ? gauge : `${gauge} ${model}`;
}

/** Of what remains; exactly at a threshold counts as the better one. */
export type Level = 'green' | 'yellow' | 'red' | 'empty';

export interface Thresholds {
  /** Fractions remaining, 0–1; `yellow ≥ red`. */
  readonly yellow: number;
  readonly red: number;
}

export function levelOf(left: number, { yellow, red }: Thresholds): Level {
  if (!(left > 0)) return 'empty';
  if (left < red) return 'red';
  return left < yellow ? 'yellow' : 'green';
}
