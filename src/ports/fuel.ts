import type { Budgets } from '../town/budgets.ts';
import type { Fuel, TankNews } from '../town/fuel.ts';
import type { LedgerState } from '../town/ledger.ts';

/** A person's budgets, and the rig whose beads and convoys they are asked for. */
export interface BudgetsOf {
  readonly budgets: Budgets;
  readonly rig: string;
}

/** What a person's accounts can still give, shared by all their windows; part of `Account`. */
export interface FuelAccount {
  /** Durable when it resolves. Told twice, it counts once. Throws AccountError. */
  tell(news: readonly TankNews[]): Promise<void>;
  /** The newest state, also of what other windows told. Throws AccountError. */
  fuel(asked?: BudgetsOf): Promise<Fuel>;
  /** What was drawn so far, in all rigs and windows. Throws AccountError. */
  ledger(): Promise<LedgerState>;
}
