import type { BeadType } from '../../../src/town/bead.ts';
import type { Seat } from '../../../src/town/polecat.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

/** One limit of an account as it truly is. Nobody is told of it but by what the vendor says. */
export interface TrueLimit {
  /** As providers name it. */
  readonly gauge: string;
  /** Only this model draws from it; null: all do. */
  readonly model: string | null;
  /** In tokens. */
  readonly capacity: number;
  /** null: it never fills up again. */
  readonly length: number | null;
  /** A window begins with the first use after the last one, or stands in the calendar, `phase` after the beginning. */
  readonly begins: 'use' | { readonly phase: number };
  /** Fraction that is used when the week begins. */
  readonly used: number;
}

/** readings: tells how much is used of each window, after use and when asked · errors: says nothing before it refuses. */
export type Telling = 'readings' | 'errors' | 'nothing';

export interface TrueTank {
  readonly tank: string;
  readonly provider: string;
  readonly telling: Telling;
  /** Asked every ten minutes without cost. */
  readonly polled: boolean;
  readonly limits: readonly TrueLimit[];
  /** Tokens a minute over all its sessions, beyond which some are refused for a moment; null: none. */
  readonly perMinute: number | null;
  /** How far its clock is from ours. */
  readonly skew: number;
  /** Tokens a minute that the person draws when they work with it themselves. */
  readonly person: number;
  /** USD that a token costs; null where none is paid for. */
  readonly price: number | null;
  /** Overloads in a week, each of 10 to 40 minutes. */
  readonly overloads: number;
}

/** A model of an account, and what it is really worth. */
export interface TrueSeat {
  readonly seat: Seat;
  /** Fresh tokens a minute. */
  readonly speed: number;
  /** How well it does what, 0–1, before the seed's own noise. */
  readonly skill: Readonly<Record<BeadType, number>>;
}

/** What changes in the middle of the week. */
export type Incident =
  | { readonly kind: 'limit_moves'; readonly at: number; readonly tank: string; readonly times: number }
  | { readonly kind: 'headers_missing'; readonly at: number; readonly until: number; readonly tank: string };

export interface Scenario {
  readonly name: string;
  /** In the order that a person would have configured. */
  readonly seats: readonly TrueSeat[];
  readonly tanks: readonly TrueTank[];
  readonly incidents: readonly Incident[];
  /** Goals in the week; each is three to seven beads. */
  readonly goals: number;
  readonly maxPolecats: number;
}

type Skills = readonly [number, number, number, number, number, number, number, number];

function skills([implementation, review, research, refactor, test, documentation, debug, design]: Skills) {
  return { implementation, review, research, refactor, test, documentation, debug, design };
}

function seat(provider: string, model: string, speed: number, skill: Skills, tank = provider): TrueSeat {
  return {
    seat: { runner: tank, provider, tank, model },
    speed,
    skill: skills(skill),
  };
}

const sonnet = seat('claude', 'sonnet', 5_000, [1, 0.8, 0.6, 1, 0.7, 1, 0.9, 1], 'claude-code');
const opus = seat('claude', 'opus', 4_000, [1, 0.9, 0.7, 1, 0.8, 1, 1, 1], 'claude-code');
const codex = seat('codex', 'gpt', 4_000, [0.7, 1, 0.4, 0.8, 1, 0.5, 1, 0.4]);
const gemini = seat('gemini', 'pro', 6_000, [0.5, 0.5, 1, 0.4, 0.4, 0.7, 0.4, 0.6]);
const deepseek = seat('deepseek', 'chat', 4_000, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.4]);
const llama = seat('ollama', 'small', 1_200, [0.2, 0.2, 0.2, 0.2, 0.2, 0.4, 0.2, 0.2]);

const quiet = { polled: false, perMinute: null, skew: 0, person: 0, price: null, overloads: 2 } as const;

function fiveHours(capacity: number): TrueLimit {
  return { gauge: '5h', model: null, capacity, length: 5 * hour, begins: 'use', used: 0 };
}

function weekly(capacity: number, phase: number, used: number, model: string | null = null): TrueLimit {
  return { gauge: 'weekly', model, capacity, length: week, begins: { phase }, used };
}

function daily(capacity: number): TrueLimit {
  return { gauge: 'tokens/day', model: null, capacity, length: day, begins: { phase: 8 * hour }, used: 0 };
}

/** Three subscriptions that together bear about half of what is asked of them. */
const scarce: Scenario = {
  name: 'scarce',
  seats: [sonnet, codex, gemini],
  tanks: [
    {
      ...quiet,
      tank: 'claude-code',
      provider: 'claude',
      telling: 'readings',
      polled: true,
      limits: [fiveHours(600_000), weekly(5_000_000, 3 * day, 0.2)],
      person: 1_500,
    },
    {
      ...quiet,
      tank: 'codex',
      provider: 'codex',
      telling: 'readings',
      polled: true,
      limits: [fiveHours(450_000), weekly(4_000_000, 5 * day, 0.4)],
      person: 800,
    },
    { ...quiet, tank: 'gemini', provider: 'gemini', telling: 'errors', limits: [daily(1_200_000)] },
  ],
  incidents: [],
  goals: 60,
  maxPolecats: 6,
};

/** All kinds of accounts, and all that goes wrong with them. */
const mixed: Scenario = {
  name: 'mixed',
  seats: [opus, sonnet, codex, gemini, deepseek, llama],
  tanks: [
    {
      ...quiet,
      tank: 'claude-code',
      provider: 'claude',
      telling: 'readings',
      polled: true,
      limits: [fiveHours(900_000), weekly(8_000_000, 2 * day, 0.5), weekly(2_500_000, 2 * day, 0.5, 'opus')],
      person: 2_000,
      overloads: 5,
    },
    {
      ...quiet,
      tank: 'codex',
      provider: 'codex',
      telling: 'readings',
      limits: [fiveHours(700_000), weekly(6_000_000, 4 * day, 0.3)],
      skew: -90_000,
      person: 800,
    },
    {
      ...quiet,
      tank: 'gemini',
      provider: 'gemini',
      telling: 'errors',
      limits: [daily(1_500_000)],
      perMinute: 15_000,
      overloads: 4,
    },
    {
      ...quiet,
      tank: 'deepseek',
      provider: 'deepseek',
      telling: 'readings',
      polled: true,
      price: 0.5e-6,
      limits: [
        { gauge: 'balance', model: null, capacity: 4_000_000, length: null, begins: 'use', used: 0.1 },
      ],
    },
    { ...quiet, tank: 'ollama', provider: 'ollama', telling: 'nothing', limits: [], perMinute: 2_000 },
  ],
  incidents: [
    { kind: 'limit_moves', at: 3 * day, tank: 'codex', times: 0.6 },
    { kind: 'headers_missing', at: 4 * day, until: 4.5 * day, tank: 'claude-code' },
  ],
  goals: 80,
  maxPolecats: 6,
};

export const scenarios = { scarce, mixed } as const;
