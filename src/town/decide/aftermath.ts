import type { AfterLanding } from '../aftermath.ts';
import { aftermathOf, redReason, toRevert } from '../redTarget.ts';
import type { Command } from '../command.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

/** The target is to be looked at once nothing else is proven. */
export function unsure(draft: Draft, tree: string | null = null): void {
  const known = aftermathOf(draft.state).unsure;
  if (known === null || (tree !== null && known.tree !== tree))
    draft.emit({ type: 'target.unsure', tree, at: draft.at });
}

/** Where the queue stands still because its target is red, who did that is looked for all the same. */
export function advanceAftermath(draft: Draft, afterLanding: AfterLanding, isIdle: boolean): void {
  if (afterLanding === 'off') return;
  const { at } = draft;
  const { batch } = draft.state.queue;
  // Somebody else moved it to where nothing is known of it.
  const isMoved = batch?.chain != null && batch.chain.base === batch.chain.onto;
  if (isMoved && batch.landed === 0 && batch.runs[0] === undefined) unsure(draft);
  const { unsure: mark, look } = aftermathOf(draft.state);
  if (isIdle && mark !== null && look === null && draft.state.rig?.checks != null)
    draft.emit({ type: 'target.looking', at });
  const landing = afterLanding === 'revert' ? toRevert(draft.state) : null;
  if (landing !== null) draft.emit({ type: 'target.reverting', request: landing, at });
}

type AftermathCommand = Extract<Command, { type: 'treeProven' | 'targetChecked' | 'targetReverted' }>;

export function decideAftermath(draft: Draft, command: AftermathCommand): Refusal | null {
  const { look, reverting } = aftermathOf(draft.state);
  const { at } = draft;
  if (command.type === 'targetReverted') {
    const { landing: request, reason } = command;
    if (reverting !== request) return refused('late_report', { request });
    draft.emit({ type: 'target.reverted', request, reason, at });
    return reason === null ? ahead(draft, request) : null;
  }
  if (look?.at !== command.look) return refused('late_report', { look: command.look });
  if (command.type === 'treeProven') {
    const { tree, basis, checks } = command;
    draft.emit({ type: 'target.proven', tree, basis, checks, at });
    return null;
  }
  const { red } = command;
  if (red === null) {
    draft.emit({ type: 'target.green', at });
    return null;
  }
  const { commit, request, failed } = red;
  const bead = request === null ? undefined : draft.state.requests[request]?.bead;
  const title = bead === undefined ? null : (draft.state.beads[bead]?.title ?? null);
  const target = draft.state.rig?.target ?? '';
  const why = redReason({ target, title }, { commit, request }, failed);
  draft.emit({ type: 'target.red', commit, request, reason: why, at });
  return null;
}

/** Everything that waits is on top of what is broken, so nothing is proven before it, also where that stopped the queue. */
function ahead(draft: Draft, landing: string): null {
  const { at } = draft;
  for (const { id, reverts, stage } of draft.depot.requests.values())
    if (reverts === landing && stage === 'queued') draft.emit({ type: 'request.front', request: id, at });
  if (draft.state.queue.paused?.reason?.code === 'target_red') draft.emit({ type: 'queue.resumed', at });
  return null;
}
