import type { Priority } from './bead.ts';
import type { Strategy } from './routing.ts';
import type { Level } from './tank.ts';

/**
 * What a strategy wants of accounts before a bead of some priority starts. levels: the best score among those at one of
 * these · best: the best suited provider must be at one of these, and no other is taken · all: every account must be at
 * one of these.
 */
export interface Demand {
  readonly of: 'levels' | 'best' | 'all';
  readonly levels: readonly Level[];
}

const any: Demand = { of: 'levels', levels: ['green', 'yellow', 'red'] };
const green: Demand = { of: 'levels', levels: ['green'] };
const greenOrYellow: Demand = { of: 'levels', levels: ['green', 'yellow'] };
const bestIsGreen: Demand = { of: 'best', levels: ['green'] };
const allGreen: Demand = { of: 'all', levels: ['green'] };

/** An empty account is never taken, whatever the strategy. */
export const demands: Readonly<Record<Strategy, Readonly<Record<Priority, Demand>>>> = {
  conservative: { critical: any, high: bestIsGreen, normal: bestIsGreen, low: allGreen },
  balanced: { critical: any, high: greenOrYellow, normal: greenOrYellow, low: green },
  aggressive: { critical: any, high: any, normal: any, low: greenOrYellow },
};
