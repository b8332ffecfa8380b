import type { Instant } from './ids.ts';
import type { Facts } from './reason.ts';

/** A command that proves something about a tree. Started as file + arguments in a clean worktree. */
export interface CheckDefinition {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Milliseconds until the whole process tree is ended and the check counts as failed. */
  readonly timeoutMs: number;
  /** Set beside the allow-listed environment, as it stands: nothing in a value is looked up. */
  readonly env?: Readonly<Record<string, string>>;
  /** Globs from the repository's root: it runs only when a changed file matches one. Absent: always. */
  readonly only?: readonly string[];
}

/**
 * Why the editor's check was skipped. no_editor: no window with an editor proved it · too_many: more files changed than an
 * editor is asked about · not_moved: a program holds the worktree · unseen: no language server said anything of the files.
 */
export type Unseen = 'no_editor' | 'too_many' | 'not_moved' | 'unseen';

export interface CheckResult {
  readonly name: string;
  /** skipped: nothing it is for was changed, or `unseen` says why; it says nothing of the tree. */
  readonly outcome: 'passed' | 'failed' | 'timed_out' | 'not_runnable' | 'skipped';
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Name of the file in the rig's state folder that holds the output; outputs never travel in events. */
  readonly outputFile: string | null;
  /** Tests that failed, where the output of a failed check tells: at most 200 names of at most 200 characters. */
  readonly failedTests?: readonly string[];
  readonly unseen?: Unseen;
  /** Where its first failure lies: a file of the worktree by its path in it, and a line from 1. */
  readonly place?: { readonly file: string; readonly line: number };
}

/** What the person confirmed. `hash` is over the definitions, so a change needs a new word. */
export interface ConfirmedChecks {
  readonly definitions: readonly CheckDefinition[];
  readonly hash: string;
  readonly confirmedAt: Instant;
}

export function firstFailure(results: readonly CheckResult[]): CheckResult | null {
  return results.find(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped') ?? null;
}

const mostNamed = 5;

/** A failure as a reason carries it: what an agent reads, and where it looks first. */
export function failureFacts({ name, exitCode, outputFile, place, failedTests = [] }: CheckResult): Facts {
  return {
    ...{ name, exitCode, output: outputFile },
    ...(place === undefined ? {} : { file: place.file, line: place.line }),
    ...(failedTests.length === 0
      ? {}
      : { tests: failedTests.slice(0, mostNamed), failed: failedTests.length }),
  };
}
