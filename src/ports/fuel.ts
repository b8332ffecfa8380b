import type { Fuel, TankNews } from '../town/fuel.ts';

/** What a person's accounts can still give, shared by all their windows; part of `Account`. */
export interface FuelAccount {
  /** Durable when it resolves. Told twice, it counts once. Throws AccountError. */
  tell(news: readonly TankNews[]): Promise<void>;
  /** The newest state, also of what other windows told. Throws AccountError. */
  fuel(): Promise<Fuel>;
}
