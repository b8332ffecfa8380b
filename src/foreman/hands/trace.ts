import { GitError } from '../../ports/git.ts';
import type { CommitId, RequestId } from '../../town/ids.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { reason } from '../../town/reason.ts';
import { ontoOf } from '../../town/trace.ts';
import { firstFailure } from '../../town/check.ts';
import { plainEnglish } from '../../words/translate.ts';
import { sentence } from '../../words/reasons.ts';
import { toMerge } from './toMerge.ts';
import { checkedBy, runChecks } from './checking.ts';
import type { HandContext } from './context.ts';
import { inQueueRoom } from './queue.ts';

interface TraceAction {
  readonly request: RequestId;
  readonly length: number;
}

/** Tests a culprit on what landed before it up to some place, and tells its agent once it is known what it fails with. */
export async function trace(context: HandContext, action: TraceAction, signal: AbortSignal): Promise<void> {
  const found = (context.state().queue.traces ?? []).find((one) => one.request === action.request);
  const request = context.state().requests[action.request];
  const onto = found === undefined ? null : ontoOf(found, action.length);
  if (found === undefined || request === undefined || onto === null) return;
  const { places } = context;
  // Not the action itself, which brings along a type of its own.
  const { length } = action;
  const merged = await mergeIfPossible(context, onto, request);
  if (merged === null) {
    await context.wish({ type: 'traced', request: request.id, length, passed: null });
    return;
  }
  await inQueueRoom(context, merged.commit, signal, async (cwd) => {
    const outputs = places.landingOutputs(request.id, context.clock.now());
    const about = { request: request.id };
    const basis = await checkedBy(context);
    const against = { base: onto, commit: merged.commit };
    const checks = await runChecks(context, { cwd, outputs, signal, changed: null, against, about });
    // What was confirmed anew meanwhile tells nothing of the pair.
    const isSame = (await checkedBy(context)) === basis;
    const passed = isSame ? firstFailure(checks) === null : null;
    await context.wish({ type: 'traced', request: request.id, length, passed });
  });
  tellAgent(context, found.request);
}

/** Null: with less of what it was merged with, or with what is gone by now, it cannot be merged. */
async function mergeIfPossible(
  context: HandContext,
  onto: CommitId,
  request: MergeRequest,
): Promise<{ readonly commit: CommitId } | null> {
  try {
    const merged = await context.git.mergeOnto(context.repository, onto, toMerge(context, request));
    return merged.ok ? merged : null;
  } catch (error) {
    if (GitError.is(error)) return null;
    throw error;
  }
}

/** One that is at work already began with less. */
function tellAgent(context: HandContext, id: RequestId): void {
  const state = context.state();
  const pair = (state.queue.pairs ?? []).find((one) => one.request === id);
  const request = state.requests[id];
  const other = pair === undefined ? undefined : state.requests[pair.with];
  const holder = request === undefined ? null : (state.beads[request.bead]?.polecat ?? null);
  const polecat = holder === null ? undefined : state.polecats[holder];
  if (other === undefined || polecat?.session == null) return;
  const { title = '' } = state.beads[other.bead] ?? {};
  const why = reason('fails_together', { request: other.id, bead: other.bead, title });
  context.messages.remind(polecat.id, sentence(why, plainEnglish));
}
