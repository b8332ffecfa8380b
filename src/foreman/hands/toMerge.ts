import type { LandingMessage, ToMerge } from '../../ports/git.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { plain } from '../../words/plain.ts';
import type { HandContext } from './context.ts';

/** The same each time: what lands is exactly what was proven, also where it was merged anew. */
export function toMerge(context: HandContext, request: MergeRequest): ToMerge {
  const { style: wanted } = context.settings().refinery;
  // How a forge will merge it is its business; that it can be merged, and what comes of it, is proven.
  const style = wanted === 'pullRequest' ? 'merge' : wanted;
  return { head: request.head, style, message: messageOf(context, request), at: request.createdAt };
}

function messageOf(context: HandContext, { bead: id, branch }: MergeRequest): LandingMessage {
  const state = context.state();
  const bead = state.beads[id];
  const polecat = bead?.polecat == null ? undefined : state.polecats[bead.polecat];
  const trailers: (readonly [string, string])[] = [['Bead', id]];
  if (polecat !== undefined) trailers.push(['Agent', polecat.name]);
  if (polecat !== undefined && polecat.seat.model !== '') trailers.push(['Model', polecat.seat.model]);
  return { subject: plain(bead?.title ?? branch, 120), body: '', trailers };
}
