import type { MergeRequest, RequestStage } from '../../town/mergeRequest.ts';
import { stepOf } from '../../town/queue.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { sentence } from '../../words/reasons.ts';
import { stageWord } from '../../words/states.ts';
import type { Translate } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import {
  type LandedRow,
  type QueueAction,
  type QueueRow,
  type ToQueue,
  landedLimit,
  requestLimit,
} from '../messages/queue.ts';
import { requestResults } from './requestResults.ts';
import type { KeyedRig } from './rigs.ts';
import { checkDetail, stepText } from './queueWords.ts';

/** The whole queue of all open rigs, as one message. */
export function queueMessage(
  rigs: readonly KeyedRig[],
  notes: readonly string[],
  translate: Translate,
): ToQueue {
  const requests = rigs.flatMap((rig) => requestRows(rig, translate));
  const landed = rigs.flatMap(landedRows).sort((a, b) => b.at - a.at);
  return {
    type: 'queue',
    requests: requests.slice(0, requestLimit),
    hidden: Math.max(0, requests.length - requestLimit),
    landed: landed.slice(0, landedLimit),
    severalRigs: rigs.length > 1,
    notes: [...notes],
  };
}

type ShownStage = Exclude<RequestStage, 'landed'>;
type ShownRequest = MergeRequest & { readonly stage: ShownStage };

/** What needs a person comes first, then what is nearest to landing, then the line as it stands. */
const order: Readonly<Record<ShownStage, number>> = {
  ready: 0,
  landing: 1,
  approved: 2,
  proving: 3,
  queued: 4,
  conflict: 5,
  failed: 5,
  ejected: 6,
};

function requestRows(keyed: KeyedRig, translate: Translate): readonly QueueRow[] {
  const { state } = keyed.rig.control;
  return shownRequests(state)
    .sort((a, b) => order[a.stage] - order[b.stage] || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    .map((request) => ({
      id: request.id,
      rig: keyed.key,
      rigName: keyed.name,
      bead: request.bead,
      title: titleOf(state, request),
      stage: request.stage,
      stageText: stageWord(request.stage, translate),
      step: stepFor(state, request, translate),
      checks: requestResults(request).map((check, index) => ({
        index,
        name: plain(check.name, maxName),
        outcome: check.outcome,
        detail: checkDetail(check, translate),
        hasOutput: check.outputFile !== null,
      })),
      reason: request.reason === null ? null : plain(sentence(request.reason, translate), maxText),
      since: request.changedAt,
      actions: [...actionsFor(state, request)],
    }));
}

function stepFor(state: RigState, { id }: MergeRequest, translate: Translate): string | null {
  const step = stepOf(state, id);
  return step === null ? null : plain(stepText(step, translate), maxName);
}

/** Open ones, and those that came back and are the newest word about a bead that is still being worked on. */
function shownRequests(state: RigState): ShownRequest[] {
  const newest = new Map<string, MergeRequest>();
  for (const request of Object.values(state.requests)) {
    const known = newest.get(request.bead);
    if (known === undefined || known.createdAt <= request.createdAt) newest.set(request.bead, request);
  }
  return [...newest.values()].filter((request): request is ShownRequest => {
    const status = state.beads[request.bead]?.status;
    return (
      request.stage !== 'landed' && status !== undefined && status !== 'completed' && status !== 'cancelled'
    );
  });
}

const whileOpen: readonly QueueAction[] = ['diff', 'eject'];
const offered: Readonly<Record<ShownStage, readonly QueueAction[]>> = {
  queued: whileOpen,
  proving: whileOpen,
  ready: ['approve', 'diff', 'retry', 'eject'],
  approved: whileOpen,
  // The target moves within moments; taking it out now would be a race nobody can see the end of.
  landing: ['diff'],
  conflict: ['diff'],
  failed: ['diff'],
  ejected: ['diff'],
};

function actionsFor(state: RigState, request: ShownRequest): readonly QueueAction[] {
  return standsStill(state, request) ? [...offered[request.stage], 'retry'] : offered[request.stage];
}

/** Its bead came back and nobody works on it: retrying is the person's word that makes it go on. */
function standsStill(state: RigState, request: ShownRequest): boolean {
  if (request.stage !== 'conflict' && request.stage !== 'failed' && request.stage !== 'ejected') return false;
  const bead = state.beads[request.bead];
  if (bead?.status === 'failed') return true;
  const polecat = bead?.polecat == null ? undefined : state.polecats[bead.polecat];
  return bead?.status === 'in_progress' && polecat?.state === 'resting';
}

function landedRows(keyed: KeyedRig): readonly LandedRow[] {
  const { state } = keyed.rig.control;
  return Object.values(state.requests).flatMap((request) =>
    request.stage === 'landed' && request.landed !== null
      ? [
          {
            id: request.id,
            rig: keyed.key,
            rigName: keyed.name,
            bead: request.bead,
            title: titleOf(state, request),
            commit: request.landed.slice(0, 10),
            at: request.changedAt,
          },
        ]
      : [],
  );
}

function titleOf(state: RigState, request: MergeRequest): string {
  return plain(state.beads[request.bead]?.title ?? request.branch, maxText);
}
