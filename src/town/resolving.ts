import type { CommitId, RequestId } from './ids.ts';

/**
 * A person settles a conflict in a polecat's worktree. begin: the merge is being begun there · open: it is theirs to edit ·
 * finish: what they made of it is being committed · abandon: it is being undone.
 */
export interface Resolving {
  readonly step: ResolvingStep;
  /** What conflicted. */
  readonly request: RequestId;
  readonly merge: PersonsMerge | null;
  /** What was left when they last called it done: with markers, and what is no matter of lines. */
  readonly marked: readonly string[];
  readonly undecided: readonly string[];
  /** They took what is no matter of lines as it stands. */
  readonly asIs: boolean;
}

export type ResolvingStep = 'begin' | 'open' | 'finish' | 'abandon';

export interface PersonsMerge {
  readonly head: CommitId;
  readonly onto: CommitId;
  readonly base: CommitId | null;
  readonly files: readonly string[];
}

/** What a hand found of it. `gone`: there is no such merge any more. */
export type ResolvingFound =
  | ({ readonly kind: 'begun' } & PersonsMerge)
  | { readonly kind: 'left'; readonly marked: readonly string[]; readonly undecided: readonly string[] }
  | { readonly kind: 'made'; readonly commit: CommitId }
  | { readonly kind: 'gone' };
