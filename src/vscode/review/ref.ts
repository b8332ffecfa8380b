import type { BeadId, ThreadId } from '../../town/ids.ts';

/** A thread of a rig, from wherever it is shown. `rig` is the key that `rigKey` gives a handle. */
export interface ThreadRef {
  readonly rig: string;
  readonly bead: BeadId;
  readonly thread: ThreadId;
}
