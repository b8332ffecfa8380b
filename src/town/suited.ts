import type { Bead } from './bead.ts';
import type { Candidate } from './candidate.ts';
import type { Choice } from './choose.ts';
import type { Instant } from './ids.ts';
import { fromOf } from './waiting.ts';

/** In which order beads of one class are asked: best, then well, then any of the seats that they may take. */
export const rounds = ['best', 'well', 'any'] as const;
/** `overdue`: what was overtaken for long asks for any seat, too, and for no more of it than it needs itself. */
export type Round = (typeof rounds)[number] | 'overdue';

/** How well a seat must do a bead, as a part of how well the best does it that it can have now or before long. */
const wellEnough: Readonly<Record<Round, number>> = { best: 0.85, well: 0.65, any: 0, overdue: 0 };
/** What comes back within this time, the length of a short window, counts among what a bead can have. */
const beforeLongMs = 5 * 60 * 60 * 1000;

/** Whether what a bead would take suits it well enough for a round; what it asks for does, and all that is critical. */
export function isSuited(
  { preferredProvider, priority }: Pick<Bead, 'preferredProvider' | 'priority'>,
  { seat, candidates }: Pick<Choice, 'seat' | 'candidates'>,
  round: Round,
  at: Instant,
): boolean {
  if (seat === null || priority === 'critical' || seat.seat.provider === preferredProvider) return true;
  const reachable = candidates.filter(
    ({ out }) => out === null || (fromOf(out) ?? Infinity) <= at + beforeLongMs,
  );
  return fit(seat) >= Math.max(...reachable.map(fit)) * wellEnough[round];
}

function fit({ affinity, success }: Candidate): number {
  return affinity * success;
}
