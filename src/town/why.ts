import { type Bead, isOpen } from './bead.ts';
import { type DispatchFacts, dispatch } from './dispatch.ts';
import type { BeadId } from './ids.ts';
import { openStages } from './mergeRequest.ts';
import { type Reason, reason } from './reason.ts';
import type { RigState } from './state.ts';

/** For every bead the one reason why it is where it is: what it waits for, or who moves it. */
export function whyAll(state: RigState, facts: DispatchFacts): Readonly<Record<BeadId, Reason>> {
  const reasons: Record<BeadId, Reason> = {};
  for (const assignment of dispatch(state, facts)) {
    reasons[assignment.bead] = 'wait' in assignment ? assignment.wait : reason('waits_for_slot');
  }
  for (const bead of Object.values(state.beads)) reasons[bead.id] ??= why(state, bead);
  return reasons;
}

function why(state: RigState, bead: Bead): Reason {
  if (!isOpen(bead.status)) return bead.reason ?? reason('ended', { status: bead.status });
  const ask = Object.values(state.asks).find((one) => one.bead === bead.id && one.answer === null);
  if (ask?.subject.kind === 'permission') return reason('asks_person', { detail: ask.subject.detail });
  if (ask?.subject.kind === 'stuck') return ask.subject.reason;
  if (bead.status === 'reviewing') return reason('proving_evidence');
  if (bead.status === 'merging') return whyMerging(state, bead);
  if (bead.status === 'deferred') return reason('deferred_until', { until: bead.deferredUntil });
  return whyWorking(state, bead);
}

function whyMerging(state: RigState, bead: Bead): Reason {
  const request = Object.values(state.requests).find(
    (one) => one.bead === bead.id && openStages.includes(one.stage),
  );
  if (request?.stage === 'ready') return reason('waits_for_approval', { request: request.id });
  return reason('in_merge_queue', { stage: request?.stage ?? 'queued', step: request?.step ?? null });
}

function whyWorking(state: RigState, bead: Bead): Reason {
  const polecat = bead.polecat === null ? undefined : state.polecats[bead.polecat];
  const name = polecat?.name ?? '';
  if (state.stopped) return reason('town_stopped');
  switch (polecat?.state) {
    case 'housing':
      return reason('being_housed', { polecat: name });
    case 'starting':
      return reason('agent_starting', { polecat: name });
    case 'working':
      return reason('agent_working', { polecat: name });
    case 'ready':
      return reason('waits_for_slot', { polecat: name });
    case 'resting':
    case 'retired':
    case undefined:
      return bead.reason ?? reason('stuck', { polecat: name });
  }
}
