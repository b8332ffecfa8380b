import type { Priority } from '../town/bead.ts';
import type { BeadId, RequestId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';

/** The ids are the caller's, so that a command that is said again finds what it made. */
export interface WantedBranch {
  readonly branch: string;
  /** Null: the subject of its newest commit. */
  readonly title: string | null;
  readonly bead: BeadId;
  readonly request: RequestId;
  readonly priority?: Priority;
  /** The landing it takes back; absent: none. */
  readonly reverts?: RequestId;
  /** A person said yes to it beforehand; absent: they are asked. */
  readonly approval?: 'rule';
}

export interface WantedRevert {
  /** The landing. */
  readonly landing: RequestId;
  readonly bead: BeadId;
  readonly request: RequestId;
  readonly approval?: 'rule';
}

export type Entered =
  | { readonly ok: true; readonly bead: BeadId; readonly request: RequestId; readonly branch: string }
  | { readonly ok: false; readonly refusal: Reason };

/** What a person has enter the merge queue, by the git of the process that owns the rig. */
export interface Entering {
  enter(wanted: WantedBranch): Promise<Entered>;
  revert(wanted: WantedRevert): Promise<Entered>;
}
