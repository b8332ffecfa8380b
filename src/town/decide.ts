import type { Command } from './command.ts';
import { decideAftermath } from './decide/aftermath.ts';
import { decideAsk } from './decide/asks.ts';
import { decideBatch } from './decide/batch.ts';
import { decideContest } from './decide/contest.ts';
import { Draft, type Refusal } from './decide/draft.ts';
import { decideOffer } from './decide/offer.ts';
import { decidePush } from './decide/push.ts';
import { decideQueue } from './decide/queue.ts';
import { decideReview } from './decide/review.ts';
import { decideResolving } from './decide/resolving.ts';
import { decideRig } from './decide/rig.ts';
import { decideSession } from './decide/sessions.ts';
import { tick } from './decide/tick.ts';
import { traced } from './decide/trace.ts';
import { decideWork } from './decide/work.ts';
import { reason } from './reason.ts';
import type { RigState, TownEvent } from './state.ts';

export type { Refusal } from './decide/draft.ts';

export type Decision =
  | { readonly ok: true; readonly state: RigState; readonly events: readonly TownEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Decides a command against the folded state. Pure; a wish that may not be is a refusal, never a throw. */
export function decide(state: RigState, command: Command): Decision {
  const strange = inheritedId(command);
  if (strange !== null) return { ok: false, refusal: reason('invalid', { what: 'id', id: strange }) };
  const draft = new Draft(state, command.at);
  const refusal = route(draft, command) ?? reusedId(state, draft.events);
  return refusal === null ? { ok: true, state: draft.state, events: draft.events } : { ok: false, refusal };
}

/** An id such as `constructor` would be found in every record without ever having been put there. */
function inheritedId(command: Command): string | null {
  const ids = ['bead', 'convoy', 'polecat', 'request', 'ask', 'provider'].flatMap((field) => {
    const id: unknown = command[field as keyof Command];
    return typeof id === 'string' ? [id] : [];
  });
  const inside = command.type === 'createConvoy' ? command.beads.map((one) => one.bead) : [];
  return [...ids, ...inside].find((id) => id in Object.prototype) ?? null;
}

/** A drawn id that is taken would overwrite what bears it; the caller draws again. */
function reusedId(state: RigState, events: readonly TownEvent[]): Refusal | null {
  for (const event of events) {
    if (event.type === 'ask.raised' && state.asks[event.ask] !== undefined)
      return reason('already_exists', { what: 'ask', id: event.ask });
    if (event.type === 'bead.created' && state.beads[event.bead] !== undefined)
      return reason('already_exists', { what: 'bead', id: event.bead });
    if (event.type === 'request.entered' && state.requests[event.request] !== undefined)
      return reason('already_exists', { what: 'request', id: event.request });
  }
  return null;
}

function route(draft: Draft, command: Command): Refusal | null {
  switch (command.type) {
    case 'adoptRig':
    case 'setTarget':
    case 'parkRig':
    case 'unparkRig':
    case 'stopTown':
    case 'startTown':
    case 'confirmChecks':
    case 'proposeChecks':
    case 'revokeGrant':
      return decideRig(draft, command);
    case 'createConvoy':
    case 'createBead':
    case 'editBead':
    case 'cancelBead':
    case 'retryBead':
    case 'deferBead':
    case 'holdConvoy':
    case 'releaseConvoy':
    case 'fileBead':
    case 'continueWith':
    case 'beadOptimized':
    case 'acceptOptimized':
    case 'rejectOptimized':
    case 'acceptWork':
    case 'sendBack':
      return decideWork(draft, command);
    case 'contestBead':
    case 'pickAttempt':
    case 'cleanAttempts':
      return decideContest(draft, command);
    case 'draftComment':
    case 'editComment':
    case 'dropComment':
    case 'replyToComment':
    case 'resolveComment':
    case 'reopenComment':
    case 'sendReview':
    case 'answerComment':
      return decideReview(draft, command);
    case 'housed':
    case 'housingFailed':
    case 'sessionStarted':
    case 'sessionEnded':
    case 'claimDone':
    case 'evidenceFound':
    case 'evidenceMissing':
    case 'countUsage':
    case 'sawFiles':
    case 'cleared':
    case 'sawAgent':
    case 'sawConversation':
    case 'endTurn':
    case 'noteWork':
    case 'forgetCheckpoint':
    case 'handOff':
      return decideSession(draft, command);
    case 'approve':
    case 'reprove':
    case 'moveToFront':
    case 'eject':
    case 'enterBranch':
    case 'pauseQueue':
    case 'resumeQueue':
    case 'forgetFlaky':
    case 'refreshQueue':
      return decideQueue(draft, command);
    case 'assembled':
    case 'notAssembled':
    case 'outdated':
    case 'running':
    case 'ran':
    case 'landed':
    case 'notLanded':
      return decideBatch(draft, command);
    case 'pushed':
    case 'notPushed':
      return decidePush(draft, command);
    case 'treeProven':
    case 'targetChecked':
    case 'targetReverted':
      return decideAftermath(draft, command);
    case 'offerOpened':
    case 'notOffered':
    case 'offerMerged':
      return decideOffer(draft, command);
    case 'resolveConflict':
    case 'finishResolution':
    case 'abandonResolution':
    case 'resolution':
      return decideResolving(draft, command);
    case 'traced':
      return traced(draft, command);
    case 'askPermission':
    case 'askQuestion':
    case 'leaveToScreen':
    case 'answerAsk':
      return decideAsk(draft, command);
    case 'tick':
      return tick(draft, command);
  }
}
