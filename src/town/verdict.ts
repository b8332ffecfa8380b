/** What an inspector found of one acceptance criterion. */
export interface JudgedCriterion {
  readonly criterion: string;
  readonly met: boolean;
  readonly why: string;
  /** Where it saw so: a file of the diff, and a line of it as it is now. */
  readonly file: string | null;
  readonly line: number | null;
}

export const verdictOutcomes = ['pass', 'needs_revision', 'fail'] as const;
export type VerdictOutcome = (typeof verdictOutcomes)[number];

/** What an inspector says of a diff. */
export interface Verdict {
  readonly outcome: VerdictOutcome;
  readonly criteria: readonly JudgedCriterion[];
  readonly notes: string;
  /** Whose model said so. */
  readonly provider: string;
  readonly model: string;
  /** Files of whose diff it saw only a part, or nothing. */
  readonly cut: readonly string[];
}
