import type { CheckDefinition, CheckResult } from '../town/check.ts';

export interface CheckRun {
  readonly definitions: readonly CheckDefinition[];
  /** Worktree they run in. */
  readonly cwd: string;
  /** Absolute folder that gets one output file a check. */
  readonly outputs: string;
  readonly signal: AbortSignal;
  /** Files that differ from the target, by their paths in the repository. Null or absent: not known, so all run. */
  readonly changed?: readonly string[] | null;
  readonly onStart?: (name: string) => void;
  /** All that a check prints, as it comes. */
  readonly onOutput?: (piece: Buffer) => void;
}

/** Runs checks in order, failing fast; the whole process tree ends at the time limit or on abort. */
export interface Checks {
  run(run: CheckRun): Promise<readonly CheckResult[]>;
  /** By what a green run of these counts for the same tree: changes with them and with the programs they start. */
  basis(definitions: readonly CheckDefinition[]): Promise<string>;
}
