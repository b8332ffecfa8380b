import type { Command } from '../command.ts';
import type { RequestId } from '../ids.ts';
import { type Batch } from '../queue.ts';
import { reason } from '../reason.ts';
import { type Trace, nextLength, partnerOf } from '../trace.ts';
import { type Draft, type Refusal, refused } from './draft.ts';

/** Of a culprit that did not stand first: those that landed before it may be what it does not go together with. */
export function beginTrace(draft: Draft, { chain, landed }: Batch, request: RequestId): void {
  const among = chain?.links.slice(0, landed) ?? [];
  if (chain === null || among.length === 0) return;
  draft.emit({ type: 'trace.began', request, base: chain.base, among, at: draft.at });
}

/** While nothing else is proven. */
export function advanceTraces(draft: Draft, isIdle: boolean): void {
  const { at } = draft;
  const [trace] = tracesOf(draft);
  if (trace === undefined) return;
  const { request, running } = trace;
  if (!isIdle) {
    if (running !== null) draft.emit({ type: 'trace.running', request, length: null, at });
    return;
  }
  if (running !== null) return;
  const length = nextLength(trace);
  if (length === null) end(draft, trace, partnerOf(trace));
  else draft.emit({ type: 'trace.running', request, length, at });
}

type TraceCommand = Extract<Command, { type: 'traced' }>;

export function traced(draft: Draft, { request, length, passed }: TraceCommand): Refusal | null {
  const trace = tracesOf(draft).find((one) => one.request === request);
  if (trace?.running !== length) return refused('late_report', { request });
  const { at } = draft;
  if (passed === null) end(draft, trace, null);
  else draft.emit({ type: 'trace.ran', request, length, passed, at });
  return null;
}

/** Its agent begins with it, where it has not begun yet; one at work is told by the hand. */
function end(draft: Draft, { request: id }: Trace, partner: RequestId | null): void {
  draft.emit({ type: 'trace.ended', request: id, with: partner, at: draft.at });
  const request = draft.state.requests[id];
  const other = partner === null ? undefined : draft.state.requests[partner];
  if (request === undefined || other === undefined) return;
  const polecat = draft.polecatOf(request.bead);
  const { title = '' } = draft.state.beads[other.bead] ?? {};
  const facts = { ...request.reason?.facts, request: other.id, bead: other.bead, title };
  if (polecat?.session === null && polecat.wants?.purpose === 'revise')
    draft.want(polecat.id, 'revise', reason('fails_together', facts));
}

function tracesOf(draft: Draft): readonly Trace[] {
  return draft.state.queue.traces ?? [];
}
