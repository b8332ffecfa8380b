import type { CommitId, Instant } from './ids.ts';
import type { Reason } from './reason.ts';

/** What landed and has still to reach the remote's branch of the same name. */
export interface Unpushed {
  readonly target: string;
  readonly commit: CommitId;
  readonly since: Instant;
  /** How often it was tried in vain, counted up to `mostTries`. */
  readonly tries: number;
  /** Why it is not there yet; null: nothing was heard so far. */
  readonly why: Reason | null;
}

export type PushEvent =
  | { readonly type: 'queue.pushed'; readonly commit: CommitId; readonly at: Instant }
  /** `reason` null: nobody wants it pushed any more. */
  | {
      readonly type: 'queue.notPushed';
      readonly commit: CommitId;
      readonly reason: Reason | null;
      readonly at: Instant;
    };

/** Trying goes on; more of it in the journal tells nobody anything. */
export const mostTries = 20;

/** What the remote does not take waits for a person; what did not reach it is tried again. */
export function isHeldUp({ why }: Unpushed): boolean {
  return why !== null && why.code !== 'push_unreachable';
}

/** A word about another commit than the newest changes nothing. */
export function foldPush(unpushed: Unpushed | null, event: PushEvent): Unpushed | null {
  if (unpushed?.commit !== event.commit) return unpushed;
  if (event.type === 'queue.pushed' || event.reason === null) return null;
  return { ...unpushed, tries: Math.min(mostTries, unpushed.tries + 1), why: event.reason };
}
