import type { Budget, Budgets } from './budgets.ts';
import type { BudgetUse, Draw, SpentBudget } from './fuel.ts';
import { type LedgerState, type Spending, inRig, noSpending, spentOn } from './ledger.ts';

/** Whose budgets are asked for. */
export interface BudgetQuestion {
  readonly budgets: Budgets;
  /** Of beads and convoys, only this rig's. */
  readonly rig: string;
  /** The person's own day, `YYYY-MM-DD`. */
  readonly day: string;
}

/** Part of a budget from which on a word is said. */
const nearShare = 0.8;
/** What one click raises a budget to, as a multiple of what it was or of what is used. */
const raise = 1.5;

type Unit = SpentBudget['unit'];
type Of = Pick<SpentBudget, 'scope' | 'of' | 'day'>;

/** All budgets that are set and of which something was drawn, or is about to be. */
export function budgetUses(
  ledger: LedgerState,
  draws: readonly Draw[],
  providerOf: (tank: string) => string,
  { budgets, rig, day }: BudgetQuestion,
): readonly BudgetUse[] {
  const uses = (of: Of, budget: Budget, used: Spending, drawn: readonly Draw[]): readonly BudgetUse[] =>
    (['tokens', 'usd'] as const).flatMap((unit): readonly BudgetUse[] => {
      const set = budget[unit];
      if (set === null) return [];
      const limit = Math.max(set, ledger.raised[budgetKey(rig, of, unit)] ?? 0);
      return [{ ...of, unit, limit, used: usedIn(used, unit), promised: promisedIn(drawn, unit) }];
    });
  const own = draws.filter((one) => one.rig === rig);
  const convoys = idsIn(
    ledger.convoys,
    rig,
    own.map(({ convoy }) => convoy),
  );
  return [
    ...uses({ scope: 'day', of: null, day }, budgets.day, spentOn(ledger, day), draws),
    ...Object.entries(budgets.provider).flatMap(([provider, budget]) => {
      const drawn = draws.filter(({ tank }) => providerOf(tank) === provider);
      return uses({ scope: 'provider', of: provider, day }, budget, spentOn(ledger, day, provider), drawn);
    }),
    ...(isSet(budgets.convoy) ? convoys : []).flatMap((convoy) => {
      const used = ledger.convoys[inRig(rig, convoy)] ?? noSpending;
      const drawn = own.filter((one) => one.convoy === convoy);
      return uses({ scope: 'convoy', of: convoy }, budgets.convoy, used, drawn);
    }),
    // A bead has one session at a time, so nothing is promised beside it.
    ...(isSet(budgets.bead) ? idsIn(ledger.beads, rig, []) : []).flatMap((bead) =>
      uses({ scope: 'bead', of: bead }, budgets.bead, ledger.beads[inRig(rig, bead)] ?? noSpending, []),
    ),
  ];
}

/** Those that forbid a launch: used up, or promised to what runs already. */
export function spentBudgets(uses: readonly BudgetUse[]): readonly SpentBudget[] {
  return uses.filter(({ limit, used, promised }) => used + promised >= limit).map(spentOf);
}

/** Those of which little is left. */
export function nearBudgets(uses: readonly BudgetUse[]): readonly SpentBudget[] {
  return uses.filter(({ limit, used }) => used >= nearShare * limit && used < limit).map(spentOf);
}

/** Used up, whatever is promised: running work makes way. */
export function isUsedUp({ limit, used }: Pick<SpentBudget, 'limit' | 'used'>): boolean {
  return used >= limit;
}

/** The same for ever for one budget; days and providers are the person's, in all rigs. */
export function budgetKey(rig: string, { scope, of, day }: Of, unit: Unit): string {
  const whose = scope === 'bead' || scope === 'convoy' ? rig : (day ?? '');
  return [scope, whose, of ?? '', unit].join(' ');
}

export function raisedLimit({ limit, used, unit }: Pick<SpentBudget, 'limit' | 'used' | 'unit'>): number {
  const wanted = Math.max(limit, used) * raise;
  return unit === 'tokens' ? Math.ceil(wanted) : Math.ceil(wanted * 100) / 100;
}

function spentOf({ promised: _promised, ...spent }: BudgetUse): SpentBudget {
  return spent;
}

function isSet({ tokens, usd }: Budget): boolean {
  return tokens !== null || usd !== null;
}

/** Tokens as windows count them: what a cache answered is not drawn. */
function usedIn({ input, output, usd }: Spending, unit: Unit): number {
  return unit === 'usd' ? usd : input + output;
}

/** What has no known price can be promised in tokens alone. */
function promisedIn(draws: readonly Draw[], unit: Unit): number {
  return draws.reduce((all, { rest }) => all + (unit === 'usd' ? (rest.usd ?? 0) : rest.tokens), 0);
}

function idsIn(
  all: Readonly<Record<string, unknown>>,
  rig: string,
  more: readonly (string | null | undefined)[],
): readonly string[] {
  const begin = inRig(rig, '');
  const known = Object.keys(all).flatMap((key) => (key.startsWith(begin) ? [key.slice(begin.length)] : []));
  return [...new Set([...known, ...more.filter((one) => one != null)])];
}
