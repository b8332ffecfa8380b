/** What may be used at most; null: no limit. */
export interface Budget {
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** A person's limits: of every bead, of every convoy, of a day, and of a provider in a day. */
export interface Budgets {
  readonly bead: Budget;
  readonly convoy: Budget;
  readonly day: Budget;
  readonly provider: Readonly<Record<string, Budget>>;
}

export const noBudget: Budget = { tokens: null, usd: null };

export const noBudgets: Budgets = { bead: noBudget, convoy: noBudget, day: noBudget, provider: {} };
