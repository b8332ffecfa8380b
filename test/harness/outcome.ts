/** What became of tests: the words in which workers, suites and the bench tell each other. Pure. */

export type Outcome = {
  /** With all its describes, as `--grep` sees it. */
  readonly title: string;
  /** The describe it stands in, likewise; undefined for what happened to a whole file or suite. */
  readonly describe?: string | undefined;
  /** Relative to the repository; empty where no file is to blame. */
  readonly file: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Of a failure: the error with its stack. */
  readonly message?: string | undefined;
};

export type Tally = {
  readonly outcomes: readonly Outcome[];
  /** How long each file took, with its hooks and what it imports. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Files that were begun and did not end. */
  readonly underWay: readonly string[];
  /** First failures of what passed when it was tried again. */
  readonly unsteady: readonly Outcome[];
};

export const emptyTally: Tally = { outcomes: [], seconds: {}, underWay: [], unsteady: [] };

export function count(outcomes: readonly Outcome[], state: Outcome['state']): number {
  return outcomes.filter((outcome) => outcome.state === state).length;
}

/** A failure of more than a test. */
export function failure(title: string, message: string, file = ''): Outcome {
  return { title, file, state: 'failed', message };
}

export function withFailure(tally: Tally, failed: Outcome): Tally {
  return { ...tally, outcomes: [...tally.outcomes, failed] };
}

/** `2 passed, 1 failed`, and the skipped where there are any. */
export function counted(outcomes: readonly Outcome[]): string {
  const skipped = count(outcomes, 'skipped');
  const rest = skipped > 0 ? `, ${String(skipped)} skipped` : '';
  return `${String(count(outcomes, 'passed'))} passed, ${String(count(outcomes, 'failed'))} failed${rest}`;
}
