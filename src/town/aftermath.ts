import type { CheckResult } from './check.ts';
import type { CommitId, Instant, RequestId } from './ids.ts';
import type { Reason } from './reason.ts';

/** What a rig does about a target that is red after something landed. */
export const afterLandings = ['off', 'check', 'revert'] as const;
export type AfterLanding = (typeof afterLandings)[number];

/** What is known of the target itself, besides what was proven before it landed. */
export interface Aftermath {
  /** Something moved it that nothing proved; null: nothing did since the last look. */
  readonly unsure: Unsure | null;
  /** A look that was begun, named by its instant; null: none. */
  readonly look: Look | null;
  readonly red: RedTarget | null;
  /** The landing whose taking back is being entered; null: none. */
  readonly reverting: RequestId | null;
  /** Landings that were taken back without a person, each once; newest last. */
  readonly reverted: readonly RequestId[];
}

export interface Unsure {
  readonly at: Instant;
  /** A tree whose proof is doubted, because something flaky was let pass; null: none. */
  readonly tree: string | null;
}

interface Look {
  readonly at: Instant;
  readonly doubted: string | null;
}

export interface RedTarget {
  readonly commit: CommitId;
  /** Whose landing did it; null: nobody's of this rig, or nobody knows. */
  readonly request: RequestId | null;
  readonly reason: Reason;
  readonly at: Instant;
}

export type AftermathEvent = { readonly at: Instant } & (
  | { readonly type: 'target.unsure'; readonly tree: string | null }
  | { readonly type: 'target.looking' }
  /** A commit of the target was run and was green. */
  | {
      readonly type: 'target.proven';
      readonly tree: string;
      readonly basis: string;
      readonly checks: readonly CheckResult[];
    }
  | { readonly type: 'target.green' }
  | {
      readonly type: 'target.red';
      readonly commit: CommitId;
      readonly request: RequestId | null;
      readonly reason: Reason;
    }
  | { readonly type: 'target.reverting'; readonly request: RequestId }
  /** `reason`: why it could not be; null: it entered the queue. */
  | { readonly type: 'target.reverted'; readonly request: RequestId; readonly reason: Reason | null }
);

export const noAftermath: Aftermath = { unsure: null, look: null, red: null, reverting: null, reverted: [] };

const mostReverted = 500;

export function foldAftermath(aftermath: Aftermath, event: AftermathEvent): Aftermath {
  switch (event.type) {
    case 'target.unsure':
      return { ...aftermath, unsure: { at: event.at, tree: event.tree } };
    case 'target.looking':
      return { ...aftermath, unsure: null, look: { at: event.at, doubted: aftermath.unsure?.tree ?? null } };
    case 'target.proven':
      return aftermath;
    case 'target.green':
      return { ...aftermath, look: null, red: null };
    case 'target.red': {
      const { commit, request, reason: why, at } = event;
      return { ...aftermath, look: null, red: { commit, request, reason: why, at } };
    }
    case 'target.reverting': {
      const reverted = [...aftermath.reverted, event.request].slice(-mostReverted);
      return { ...aftermath, reverting: event.request, reverted };
    }
    case 'target.reverted': {
      const { red } = aftermath;
      const why = event.reason;
      return {
        ...aftermath,
        reverting: null,
        red: red === null || why === null ? red : { ...red, reason: why },
      };
    }
  }
}
