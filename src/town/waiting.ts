import type { Bead } from './bead.ts';
import type { Candidate, SeatOut } from './candidate.ts';
import type { Shortage, SpentBudget } from './fuel.ts';
import type { Instant } from './ids.ts';
import { type Reason, type ReasonCode, reason } from './reason.ts';
import type { Strategy } from './routing.ts';

const shortages: Readonly<Record<Shortage['kind'], ReasonCode>> = {
  dry: 'tank_dry',
  pace: 'tank_pace',
  breaker: 'tank_breaker',
  problem: 'tank_problem',
  probing: 'tank_probing',
  budget: 'budget_spent',
};

/** One reason for a bead that no seat takes: of the seat that could take it first. */
export function waitFor(
  candidates: readonly Candidate[],
  strategy: Strategy,
  spent: readonly SpentBudget[],
): { readonly wait: Reason; readonly from: Instant | null; readonly first: Candidate | null } {
  // Today's budget is one of every seat: what any of them waits for besides would not let the bead go.
  const today = spent.find(({ scope }) => scope === 'day');
  const held = candidates.find(({ out }) => out?.kind === 'shortage' && out.shortage.kind === 'budget');
  if (today !== undefined && held !== undefined) return { wait: budgetSpent(today), from: null, first: held };
  const first = soonest(candidates);
  if (first?.out == null) return { wait: reason('no_seat'), from: null, first: null };
  return { wait: reasonOf(first, first.out, strategy, spent), from: fromOf(first.out), first };
}

/** One that is not a matter of time comes last; among equals the first in configured order. */
function soonest(candidates: readonly Candidate[]): Candidate | null {
  const when = ({ out }: Candidate): number => (out === null ? Infinity : (fromOf(out) ?? rank(out)));
  return candidates.reduce<Candidate | null>(
    (best, one) => (best === null || when(one) < when(best) ? one : best),
    null,
  );
}

/** Beyond every instant: what passes by itself before what a person must do, and the rest after it. */
function rank(out: SeatOut): number {
  const passes = out.kind === 'shortage' && ['pace', 'probing', 'breaker'].includes(out.shortage.kind);
  if (passes) return 1e300;
  return out.kind === 'not_best' || out.kind === 'sibling' ? Infinity : 1e301;
}

export function fromOf(out: SeatOut): Instant | null {
  switch (out.kind) {
    case 'shortage':
      return out.shortage.from;
    case 'limited':
      return out.until;
    case 'level':
      return out.from;
    case 'kept':
      return out.until;
    case 'sibling':
    case 'not_best':
      return null;
  }
}

export function reasonOf(
  { seat }: Pick<Candidate, 'seat'>,
  out: SeatOut,
  strategy: Strategy,
  spent: readonly SpentBudget[],
): Reason {
  const { provider, tank, model } = seat;
  switch (out.kind) {
    case 'limited':
      return reason('agent_limited', { until: out.until, detail: null });
    case 'level':
      return reason('strategy_defers', { strategy, provider, tank, level: out.level, until: out.from });
    case 'kept':
      return reason('fuel_kept', { bead: out.bead, provider, until: out.until });
    case 'sibling':
      return reason('sibling_there', { bead: out.bead, provider });
    case 'not_best':
      return reason('strategy_defers', { strategy, provider, tank, level: null, until: null });
    case 'shortage': {
      const { kind, gauge, from } = out.shortage;
      const budget = spent.find(({ scope, of }) => scope === 'day' || of === provider);
      if (kind === 'budget' && budget !== undefined) return budgetSpent(budget);
      return reason(shortages[kind], { provider, tank, model, gauge, until: from });
    }
  }
}

/** The budget of a bead or of its convoy that has nothing left for a session. */
export function budgetOf(
  { id, convoy }: Pick<Bead, 'id' | 'convoy'>,
  spent: readonly SpentBudget[],
): SpentBudget | null {
  return (
    spent.find(
      ({ scope, of }) => of !== null && of === (scope === 'bead' ? id : scope === 'convoy' ? convoy : null),
    ) ?? null
  );
}

export function budgetSpent({ scope, of, unit, limit, used }: SpentBudget): Reason {
  return reason('budget_spent', { scope, of, unit, limit, used });
}
