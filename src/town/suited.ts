import type { Bead } from './bead.ts';
import type { Candidate } from './candidate.ts';
import type { Instant } from './ids.ts';
import { fromOf } from './waiting.ts';

/** In which order beads of one class are asked: best, then well, then any of the seats that they may take. */
export const rounds = ['best', 'well', 'any'] as const;
export type Round = (typeof rounds)[number];

/** How well a seat must do a bead, as a part of how well the best does it that it can have now or before long. */
const wellEnough: Readonly<Record<Round, number>> = { best: 0.85, well: 0.65, any: 0 };
/** What comes back within this time, the length of a short window, counts among what a bead can have. */
const beforeLongMs = 5 * 60 * 60 * 1000;

/** The seats that suit a bead well enough for a round; those of the provider it asks for do, and all do what is critical. */
export function suited(
  { preferredProvider, priority }: Pick<Bead, 'preferredProvider' | 'priority'>,
  all: readonly Candidate[],
  round: Round,
  at: Instant,
): readonly Candidate[] {
  if (priority === 'critical' || round === 'any') return all;
  const reachable = all.filter(({ out }) => out === null || (fromOf(out) ?? Infinity) <= at + beforeLongMs);
  const least = Math.max(0, ...reachable.map(fit)) * wellEnough[round];
  return all.filter((one) => one.seat.provider === preferredProvider || fit(one) >= least);
}

function fit({ affinity, success }: Candidate): number {
  return affinity * success;
}
