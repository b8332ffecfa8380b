import type { AskSubject } from '../ask.ts';
import { type Bead, isOpen } from '../bead.ts';
import { budgetKey, isUsedUp } from '../budget.ts';
import type { Fuel, SpentBudget } from '../fuel.ts';
import { hashOf } from '../hash.ts';
import type { AskId } from '../ids.ts';
import type { Session } from '../polecat.ts';
import { budgetSpent } from '../waiting.ts';
import { leave } from './agents.ts';
import type { Draft } from './draft.ts';

type Subject = Extract<AskSubject, { kind: 'budget' }>;

/** Work whose budget is used up makes way with all it has, and its person is asked whether the budget is raised. */
export function keepBudgets(draft: Draft, fuel: Fuel | undefined): void {
  if (fuel === undefined) return;
  const spent = fuel.spent.filter(isUsedUp);
  if (spent.length > 0) makeWay(draft, spent);
  ask(draft, spent);
}

function makeWay(draft: Draft, spent: readonly SpentBudget[]): void {
  for (const { id } of [...draft.depot.polecats.values()]) {
    const polecat = draft.state.polecats[id];
    const bead = polecat === undefined ? undefined : draft.state.beads[polecat.bead];
    if (polecat?.session == null || bead === undefined || polecat.session.leaving !== null) continue;
    // What is being proven or lands needs no agent; if it does later, its next session is not opened.
    if (bead.status !== 'assigned' && bead.status !== 'in_progress') continue;
    const { session } = polecat;
    const budget = spent.find((one) => isFor(one, bead, session));
    if (budget === undefined) continue;
    leave(draft, polecat, session, budgetSpent(budget));
    draft.want(id, 'resume', budgetSpent(budget));
  }
}

function isFor({ scope, of }: SpentBudget, bead: Bead, { seat }: Session): boolean {
  return scope === 'day' || of === { bead: bead.id, convoy: bead.convoy, provider: seat.provider }[scope];
}

/** One question for each limit: left as it is, it is not asked again, and a new day or limit is a new question. */
function ask(draft: Draft, spent: readonly SpentBudget[]): void {
  const wanted = new Map<AskId, Subject>();
  for (const budget of spent)
    if (isConcerned(draft, budget))
      wanted.set(askIdOf(draft, budget), { kind: 'budget', ...budget, day: budget.day ?? null });
  for (const { id, answer, subject } of Object.values(draft.state.asks))
    if (answer === null && subject.kind === 'budget' && !wanted.has(id)) draft.answer(id, 'dismiss');
  for (const [id, subject] of wanted) {
    const known = draft.state.asks[id];
    // One that went by itself, as at the end of its work, is asked anew.
    if (known !== undefined && known.answer !== 'dismiss') continue;
    const bead = subject.scope === 'bead' ? beadOf(draft, subject) : undefined;
    draft.raise(id, bead?.id ?? null, subject);
  }
}

function isConcerned(draft: Draft, budget: SpentBudget): boolean {
  const { depot, state } = draft;
  if (budget.scope === 'bead') return isOpen(beadOf(draft, budget)?.status ?? 'completed');
  if (budget.scope === 'convoy')
    return Object.values(state.convoys).some(({ id, closedAt }) => id === budget.of && closedAt === null);
  for (const polecat of depot.polecats.values()) if (polecat.wants !== null) return true;
  return depot.ready.first !== undefined;
}

function beadOf({ state }: Draft, { of }: Pick<SpentBudget, 'of'>): Bead | undefined {
  return Object.hasOwn(state.beads, of ?? '') ? state.beads[of as Bead['id']] : undefined;
}

/** Drawn with the budget: time, which brings the question about, draws nothing. */
function askIdOf({ state }: Draft, budget: SpentBudget): AskId {
  const key = `${budgetKey(state.rig?.id ?? '', budget, budget.unit)} ${String(budget.limit)}`;
  const digits = (hashOf(key) % 36 ** 5).toString(36).padStart(5, '0');
  return `ak-${digits}` as AskId;
}
