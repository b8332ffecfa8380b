import type { CommitId } from './ids.ts';

/**
 * Who settles a conflict, each cheaper than the next: it was settled before · a program merges it by its syntax · the agent
 * whose work it is · an agent of another vendor · a person.
 */
export type Rung = 'memory' | 'structure' | Helper;
export type Helper = 'agent' | 'vendor' | 'person';

/** How what conflicts with the target was brought together with it. */
export interface Settled {
  readonly by: readonly Rung[];
  readonly files: readonly string[];
  /** Names of what git remembered of it; empty where it remembered nothing. */
  readonly lessons: readonly string[];
  /** What came of it in memory; null: the branch itself holds it. */
  readonly commit: CommitId | null;
}

/** Whether nobody looked at it but programs. */
export function isByMachine({ by }: Settled): boolean {
  return by.some((one) => one === 'memory' || one === 'structure');
}
