import { nearBudgets } from '../town/budget.ts';
import type { Fuel } from '../town/fuel.ts';
import type { Line } from './hands/context.ts';

/** A word for each budget of which little is left, once a limit. */
export class NearBudgets {
  readonly #said = new Set<string>();

  lines({ budgets = [] }: Fuel): readonly Line[] {
    return nearBudgets(budgets).flatMap(({ scope, of, day = null, unit, limit, used }): readonly Line[] => {
      const key = JSON.stringify([scope, of, day, unit, limit]);
      if (this.#said.has(key)) return [];
      this.#said.add(key);
      return [{ what: 'budget.near', level: 'warning', facts: { scope, of, unit, limit, used } }];
    });
  }
}
