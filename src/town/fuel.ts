import { asWord } from './asWord.ts';
import type { BeadType, Trial, Usage } from './bead.ts';
import type { BeadId, Instant, PolecatId, Token } from './ids.ts';
import type { Savings } from './savings.ts';
import type { Reading, Tank } from './tank.ts';

/** What a session is expected to draw from its account, at most in four cases of five (P80). */
export interface Need {
  /** Fresh input and output, as windows count them. */
  readonly tokens: number;
  readonly requests: number;
  /** Null: its price is not known, which is never taken for nothing. */
  readonly usd: number | null;
  /** How long it is expected to run. */
  readonly ms: number;
}

/** What a session that has a place may still draw: its need, less what was measured of it. */
export interface Draw {
  readonly rig: string;
  readonly polecat: PolecatId;
  readonly token: Token;
  readonly tank: string;
  readonly model: string;
  readonly rest: Need;
  /** Fraction of `rest` that it should have drawn by now, by the time it has run; absent: none. */
  readonly overdue?: number;
  /** What its bead is part of; absent: nothing, or it is not known. */
  readonly convoy?: string;
  readonly since: Instant;
}

/** Tokens of sessions that ended: count, and mean and variance of their natural logarithm. */
export interface Sizes {
  readonly count: number;
  readonly mean: number;
  readonly m2: number;
}

/** What earlier beads taught. Keys: `learnedKey`. */
export interface Learned {
  readonly success: Readonly<Record<string, { readonly passed: number; readonly failed: number }>>;
  readonly sizes: Readonly<Record<string, Sizes>>;
}

export function learnedKey(type: BeadType, provider: string, model: string): string {
  return `${type} ${asWord(provider)} ${asWord(model)}`;
}

/** How many times what a plan said beads take with a seat: a size of its own, under a key that no type has. */
export function estimateKey(provider: string, model: string): string {
  return `estimate ${asWord(provider)} ${asWord(model)}`;
}

/** What a dispatch knows of accounts: an observation, never part of a rig's state. */
export interface Fuel {
  readonly tanks: Readonly<Record<string, Tank>>;
  /** Of all of a person's rigs and windows. */
  readonly draws: readonly Draw[];
  readonly learned: Learned;
  /** Budgets that forbid a launch, with what they are for. */
  readonly spent: readonly SpentBudget[];
  /** Of the day and of providers, all that are set; of convoys and beads, those of which little is left. Absent: none. */
  readonly budgets?: readonly BudgetUse[];
  /** What wording tasks saves; absent: nobody was drawn for it. */
  readonly savings?: Savings;
}

export const noFuel: Fuel = { tanks: {}, draws: [], learned: { success: {}, sizes: {} }, spent: [] };

/**
 * A budget with nothing left for a launch; used below its limit, the rest is promised to what runs. `of`: the bead, convoy
 * or provider it is for; null for a day's.
 */
export interface SpentBudget {
  readonly scope: 'bead' | 'convoy' | 'day' | 'provider';
  readonly of: string | null;
  /** Of a day's and a provider's: the person's own day, `YYYY-MM-DD`. */
  readonly day?: string;
  readonly unit: 'tokens' | 'usd';
  readonly limit: number;
  readonly used: number;
}

/** A budget that somebody set, how much of it is used, and what running sessions may still draw of it. */
export interface BudgetUse extends SpentBudget {
  readonly promised: number;
}

/**
 * Why a seat cannot carry a need now. dry: a gauge would run out · pace: as many run on that model as it bears · breaker:
 * it failed several times in a row · problem: only a person can mend it · probing: nothing but a guess says there is
 * fuel, and one session finds out already · budget: the person's own limit.
 */
export interface Shortage {
  readonly kind: 'dry' | 'pace' | 'breaker' | 'problem' | 'probing' | 'budget';
  readonly tank: string;
  readonly gauge: string | null;
  /** The earliest instant at which it may be otherwise; null: not a matter of time. */
  readonly from: Instant | null;
}

/** Whether a seat can carry a need, and how far it would be drained: the fraction left of its lowest gauge at its reset. */
export type Carry =
  | { readonly ok: true; readonly left: number; readonly gauge: string | null }
  | { readonly ok: false; readonly why: Shortage };

/** What happened to an account, told by whoever saw it; each is durable before it is answered, and may be told twice. */
export type TankNews =
  | {
      readonly kind: 'read';
      readonly tank: string;
      readonly provider: string;
      readonly readings: readonly Reading[];
    }
  /** Totals of a whole session; what was told of it before is taken off. */
  | {
      readonly kind: 'drew';
      readonly rig: string;
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly tank: string;
      readonly provider: string;
      readonly model: string;
      readonly bead: BeadId | null;
      readonly convoy: string | null;
      readonly type: BeadType | null;
      /** `assayer`: planning, estimating, inspecting. */
      readonly role: 'agent' | 'assayer';
      readonly usage: Usage;
      readonly requests: number;
    }
  /** The account said no more before an instant. */
  | {
      readonly kind: 'limited';
      readonly tank: string;
      readonly provider: string;
      /** Which limit, where the vendor says so. */
      readonly gauge: string | null;
      readonly model: string | null;
      readonly until: Instant | null;
    }
  /** The vendor is overloaded or asks for fewer at once: no quota of the person's. */
  | { readonly kind: 'throttled'; readonly tank: string; readonly provider: string; readonly model: string }
  | { readonly kind: 'answered'; readonly tank: string; readonly provider: string; readonly model: string }
  | { readonly kind: 'failed'; readonly tank: string; readonly provider: string; readonly detail: string }
  | {
      readonly kind: 'refused';
      readonly tank: string;
      readonly provider: string;
      readonly problem: 'auth' | 'credit';
      readonly detail: string;
      /** Since when whoever was refused runs, with the key that was good then; absent: it is not known. */
      readonly since?: Instant;
    }
  /** A bead came to its end with this seat. */
  | {
      readonly kind: 'finished';
      /** Names this end among all rigs'; told with it again, it counts once. */
      readonly once?: string;
      readonly type: BeadType;
      readonly provider: string;
      readonly model: string;
      readonly passed: boolean;
      readonly tokens: number;
      /** Of a bead that was drawn for it, by which the ledger knows it; absent: it was not, or drew nothing. */
      readonly measured?: { readonly rig: string; readonly bead: BeadId; readonly trial: Trial };
      /** What its plan said it would take; absent where it said nothing. */
      readonly estimate?: number;
    }
  /** A person's word; `left`: fraction remaining. */
  | { readonly kind: 'set'; readonly tank: string; readonly gauge: string | null; readonly left: number }
  /** Somebody asks what costs nothing; while a question is under way, another one's changes nothing. */
  | { readonly kind: 'asked'; readonly tank: string; readonly provider: string; readonly by: string }
  /** A person mended it, or wants it tried again. */
  | { readonly kind: 'mended'; readonly tank: string }
  | { readonly kind: 'forgotLearned' }
  /** A person raised one budget, of a rig's bead or convoy or of a day, to a new limit. */
  | {
      readonly kind: 'raised';
      readonly rig: string;
      readonly scope: SpentBudget['scope'];
      readonly of: string | null;
      readonly day: string | null;
      readonly unit: SpentBudget['unit'];
      readonly limit: number;
    };
