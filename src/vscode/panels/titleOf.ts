import type { MergeRequest } from '../../town/mergeRequest.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { maxText } from '../messages/fields.ts';

/** What a request is called: its bead's title, or its branch when the bead has none. */
export function titleOf(state: RigState, { bead, branch }: MergeRequest): string {
  return plain(state.beads[bead]?.title ?? branch, maxText);
}
