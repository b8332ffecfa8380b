import type { BeadId } from './ids.ts';
import { takesSlot } from './polecat.ts';
import type { Reason, ReasonCode } from './reason.ts';
import type { RigState } from './state.ts';

/** What a bead waits for that accounts do not give. */
const ofAccounts: readonly ReasonCode[] = [
  'tank_dry',
  'tank_pace',
  'tank_breaker',
  'tank_problem',
  'tank_probing',
  'strategy_defers',
  'agent_limited',
  'vendor_overloaded',
  'account_refused',
];
/** What no account could help with; it says nothing of them. */
const otherwise: readonly ReasonCode[] = [
  'blocked_by',
  'dependency_failed',
  'deferred_until',
  'convoy_held',
  'being_worded',
  'stuck',
];

/**
 * Why nothing starts although work waits, as the bead has it that can go on first; null: something is at work, nothing
 * waits, or it waits for something else than accounts. Fact `until`: when that is, if anybody knows.
 */
export function nextStart(state: RigState, why: (bead: BeadId) => Reason | null): Reason | null {
  const polecats = Object.values(state.polecats);
  if (polecats.some(takesSlot)) return null;
  const wanting = new Set(polecats.filter((one) => one.state === 'ready').map(({ bead }) => bead));
  const reasons = Object.values(state.beads)
    .filter(({ id, status }) => status === 'queued' || wanting.has(id))
    .flatMap(({ id }) => why(id) ?? [])
    .filter(({ code }) => !otherwise.includes(code));
  if (reasons.length === 0 || !reasons.every(({ code }) => ofAccounts.includes(code))) return null;
  return reasons.reduce((first, one) => (instantOf(one) < instantOf(first) ? one : first));
}

function instantOf({ facts }: Reason): number {
  const { until } = facts;
  return typeof until === 'number' ? until : Infinity;
}
