import type { CommitId } from '../town/ids.ts';
import type { Repository } from './git.ts';

/** A request to merge a branch, as the forge has it. */
export interface PullRequest {
  readonly state: 'open' | 'merged' | 'closed';
  /** Where a person sees it: `https:`. */
  readonly url: string;
  /** What the forge merged it with; null: it has not, or does not say. */
  readonly merged: CommitId | null;
}

/** From which branch into which. */
export interface Route {
  readonly branch: string;
  readonly target: string;
}

/**
 * absent: there is no program here that speaks with this forge · login: it knows nobody · unreachable: no answer, or none
 * in time · failed: anything else. `detail` is its word.
 */
export type ForgeProblem = 'absent' | 'login' | 'unreachable' | 'failed';

export type ForgeAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: ForgeProblem; readonly detail: string };

/** Where pull requests are, spoken with by the person's own program under their own login. */
export interface Forge {
  /** That of a branch which is open; else the one that was merged with exactly `head`; null: neither. */
  find(
    repository: Repository,
    route: Route & { readonly head: CommitId },
    signal: AbortSignal,
  ): Promise<ForgeAnswer<PullRequest | null>>;
  open(
    repository: Repository,
    route: Route,
    text: { readonly title: string; readonly body: string },
    signal: AbortSignal,
  ): Promise<ForgeAnswer<PullRequest>>;
  see(repository: Repository, url: string, signal: AbortSignal): Promise<ForgeAnswer<PullRequest>>;
  /** Where a person opens it themselves; null: the remote's address does not tell. */
  openingPage(repository: Repository, route: Route): Promise<string | null>;
}
