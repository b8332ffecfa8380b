import { unapproved } from '../../town/convoyRequests.ts';
import { ladderOf } from '../../town/ladder.ts';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { pageOf } from '../../town/offer.ts';
import { stepOf } from '../../town/queue.ts';
import { pendingOf } from '../../town/review.ts';
import type { RigState } from '../../town/state.ts';
import { ladderLines } from '../../words/ladder.ts';
import { plain } from '../../words/plain.ts';
import { sentence } from '../../words/reasons.ts';
import { stageWord } from '../../words/states.ts';
import type { Translate } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import {
  type LandedRow,
  type QueueAction,
  type QueueRow,
  type QueueShown,
  ladderLimit,
  landedLimit,
  requestLimit,
} from '../messages/queue.ts';
import { queueHistory } from './queueHistory.ts';
import { checkDetail, stepText } from './queueWords.ts';
import { type ShownRequest, type ShownStage, requestLine } from './requestLine.ts';
import { requestResults } from './requestResults.ts';
import { rigHeads } from './rigHeads.ts';
import type { KeyedRig } from './rigs.ts';
import { titleOf } from './titleOf.ts';

/** The whole queue of all open rigs at an instant, as one message. */
export function queueMessage(
  rigs: readonly KeyedRig[],
  notes: readonly string[],
  translate: Translate,
  now: number,
): QueueShown {
  const requests = rigs.flatMap((rig) => requestRows(rig, translate, now));
  const landed = rigs.flatMap(landedRows).sort((a, b) => b.at - a.at);
  return {
    type: 'queue',
    rigs: rigHeads(rigs, translate),
    requests: requests.slice(0, requestLimit),
    hidden: Math.max(0, requests.length - requestLimit),
    landed: landed.slice(0, landedLimit),
    history: queueHistory(rigs, translate, now),
    severalRigs: rigs.length > 1,
    notes: [...notes],
  };
}

function requestRows(keyed: KeyedRig, translate: Translate, now: number): readonly QueueRow[] {
  const { state } = keyed.rig.control;
  return requestLine(state, now).map((request) => ({
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
    ...ladderFor(state, request, translate),
    since: request.changedAt,
    pullRequest: request.offer?.url ?? null,
    drafts: draftsOf(state, request),
    actions: [...actionsFor(state, request)],
  }));
}

function ladderFor(state: RigState, request: MergeRequest, translate: Translate): Pick<QueueRow, 'ladder'> {
  const lines = ladderLines(ladderOf(state.requests, request), translate).slice(-ladderLimit);
  return lines.length === 0 ? {} : { ladder: lines.map((one) => plain(one, maxText)) };
}

function stepFor(state: RigState, { id }: MergeRequest, translate: Translate): string | null {
  const step = stepOf(state, id);
  return step === null ? null : plain(stepText(step, translate), maxName);
}

const waiting: readonly QueueAction[] = ['diff', 'front', 'eject'];
const offered: Readonly<Record<ShownStage, readonly QueueAction[]>> = {
  queued: waiting,
  proving: ['diff', 'eject'],
  ready: ['approve', 'land', 'diff', 'retry', 'eject'],
  approved: waiting,
  // The target moves within moments; taking it out now would be a race nobody can see the end of.
  landing: ['diff'],
  offered: ['pull', 'diff', 'retry', 'eject'],
  conflict: ['diff'],
  failed: ['diff'],
  ejected: ['diff'],
};

function draftsOf({ beads }: RigState, { bead }: ShownRequest): number {
  const found = beads[bead];
  return found === undefined ? 0 : pendingOf(found).length;
}

function actionsFor(state: RigState, request: ShownRequest): readonly QueueAction[] {
  return draftsOf(state, request) === 0
    ? stageActions(state, request)
    : ['send', ...stageActions(state, request)];
}

function stageActions(state: RigState, request: ShownRequest): readonly QueueAction[] {
  const { stage, approval } = request;
  if (stage === 'offered' && pageOf(request) === null) return offered[stage].filter((one) => one !== 'pull');
  if (standsStill(state, request)) return [...offered[stage], 'retry'];
  if (stage === 'ready' && hasSiblings(state, request))
    return ['approve', 'convoy', ...offered.ready.slice(1)];
  // A yes that is said beforehand: it lands as soon as it is proven, and need not be proven ahead and then wait.
  return stage === 'queued' && approval === null ? ['land', ...offered[stage]] : offered[stage];
}

/** Others of its convoy wait for a yes, too. */
function hasSiblings(state: RigState, { bead }: MergeRequest): boolean {
  const convoy = state.beads[bead]?.convoy ?? null;
  return convoy !== null && unapproved(state, convoy).length > 1;
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
