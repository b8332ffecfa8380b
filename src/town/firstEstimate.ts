import type { BeadDraft, BeadType } from './bead.ts';

/** What a bead is measured by before any like it was done. */
export interface EstimateFacts {
  readonly type: BeadType;
  /** Characters of its own words: `wordsOf`. */
  readonly words: number;
  /** Characters of the files that it names; 0 where nobody looked. */
  readonly named: number;
  /** Files of the repository; 0 where nobody counted. */
  readonly files: number;
}

/** Tokens are about four characters of text (measured at 4.2 to 4.3 on this kind of text). */
const charactersPerToken = 4;

/** What a session reads of Rigs, its vendor and its own turns, whatever the bead is. */
const frame = 3_000;

/** Tokens of looking around for each doubling of a repository. */
const lookingAround = 500;

/** Tokens written and read again for each token taken in; the first seed's, the rest of the types at its default. */
const factors: Readonly<Record<BeadType, number>> = {
  implementation: 3,
  review: 2,
  documentation: 4,
  research: 2,
  refactor: 2,
  test: 2,
  debug: 2,
  design: 2,
};

/** Tokens a bead will draw, from its text alone: a guess that the first beads of its kind replace. */
export function firstEstimate({ type, words, named, files }: EstimateFacts): number {
  const read = (counted(words) + counted(named)) / charactersPerToken;
  const taken = frame + read + lookingAround * Math.log2(1 + counted(files));
  return Math.round((taken * (1 + factors[type])) / 1_000) * 1_000;
}

export function wordsOf(bead: Pick<BeadDraft, 'title' | 'description' | 'criteria'>): number {
  return bead.criteria.reduce((sum, one) => sum + one.length, bead.title.length + bead.description.length);
}

const counted = (value: number): number => (Number.isFinite(value) && value > 0 ? value : 0);
