import type { Command } from './command.ts';
import { decideAsk } from './decide/asks.ts';
import { Draft, type Refusal } from './decide/draft.ts';
import { decideQueue } from './decide/queue.ts';
import { decideRig } from './decide/rig.ts';
import { decideSession } from './decide/sessions.ts';
import { tick } from './decide/tick.ts';
import { decideWork } from './decide/work.ts';
import { type RigState, type TownEvent } from './state.ts';

export type { Refusal } from './decide/draft.ts';

export type Decision =
  | { readonly ok: true; readonly state: RigState; readonly events: readonly TownEvent[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Decides a command against the folded state. Pure; a wish that may not be is a refusal, never a throw. */
export function decide(state: RigState, command: Command): Decision {
  const draft = new Draft(state, command.at);
  const refusal = route(draft, command);
  return refusal === null ? { ok: true, state: draft.state, events: draft.events } : { ok: false, refusal };
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
      return decideWork(draft, command);
    case 'housed':
    case 'housingFailed':
    case 'sessionStarted':
    case 'sessionEnded':
    case 'claimDone':
    case 'evidenceFound':
    case 'evidenceMissing':
    case 'countUsage':
    case 'cleared':
      return decideSession(draft, command);
    case 'provingStep':
    case 'proven':
    case 'notProven':
    case 'approve':
    case 'landed':
    case 'notLanded':
    case 'reprove':
    case 'eject':
      return decideQueue(draft, command);
    case 'askPermission':
    case 'answerAsk':
      return decideAsk(draft, command);
    case 'tick':
      return tick(draft, command);
  }
}
