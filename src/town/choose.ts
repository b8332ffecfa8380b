import type { Bead } from './bead.ts';
import type { Candidate, Rule, SeatOut } from './candidate.ts';
import type { Fuel } from './fuel.ts';
import type { Instant } from './ids.ts';
import type { Seat } from './polecat.ts';
import { lowestGauge } from './score.ts';
import { type Demand, demands } from './strategy.ts';
import type { Strategy } from './routing.ts';

/** Which seat a bead takes; null: none, and `candidates` say why each is out. */
export interface Choice {
  readonly seat: Candidate | null;
  readonly rule: Extract<Rule, 'preferred' | 'best' | 'fuel' | 'strategy'>;
  /** In configured order. */
  readonly candidates: readonly Candidate[];
}

interface Choosing {
  readonly strategy: Strategy;
  readonly fuel: Fuel;
  readonly at: Instant;
}

/** The preferred provider where it may be taken, else the best score of those that may; ties in configured order. */
export function choose(
  bead: Pick<Bead, 'priority' | 'preferredProvider'>,
  judged: readonly Candidate[],
  choosing: Choosing,
): Choice {
  const demand = demands[choosing.strategy][bead.priority];
  const candidates = judged.map((one) => {
    const out = one.out ?? levelOut(one, judged, demand, bead.preferredProvider, choosing);
    return out === one.out ? one : { ...one, out };
  });
  const open = candidates.filter(({ out }) => out === null);
  const preferred = open.filter(({ seat }) => seat.provider === bead.preferredProvider);
  const seat = bestOf(preferred) ?? bestOf(open);
  if (seat !== null) return { seat, rule: preferred.length > 0 ? 'preferred' : 'best', candidates };
  const kept = candidates.some(({ out }) => out?.kind === 'level' || out?.kind === 'not_best');
  return { seat: null, rule: kept ? 'strategy' : 'fuel', candidates };
}

function bestOf(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>(
    (best, one) => (best === null || one.score > best.score ? one : best),
    null,
  );
}

/** Why the strategy does not take a seat that could carry the bead. */
function levelOut(
  one: Candidate,
  all: readonly Candidate[],
  { of, levels }: Demand,
  preferred: string | null,
  choosing: Choosing,
): SeatOut | null {
  const isAt = ({ level }: Candidate): boolean => level === null || levels.includes(level);
  if (of === 'best' && one.seat.provider !== bestSuited(all, preferred)) return { kind: 'not_best' };
  const low = of === 'all' ? all.find((other) => !isAt(other)) : isAt(one) ? undefined : one;
  return low === undefined ? null : belowBy(low, choosing);
}

/** The one a person or the plan asks for, where it is there; else the one with the highest affinity. */
function bestSuited(all: readonly Candidate[], preferred: string | null): string | null {
  if (all.some(({ seat }) => seat.provider === preferred)) return preferred;
  const best = all.reduce<Candidate | null>(
    (found, one) => (found === null || one.affinity > found.affinity ? one : found),
    null,
  );
  return best?.seat.provider ?? null;
}

function belowBy({ seat, level }: { seat: Seat; level: Candidate['level'] }, choosing: Choosing): SeatOut {
  const from = lowestGauge(seat, choosing.fuel, choosing.at)?.resetsAt ?? null;
  return { kind: 'level', level: level ?? 'empty', from };
}
