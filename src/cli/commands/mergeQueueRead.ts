import { ladderOf } from '../../town/ladder.ts';
import { type MergeRequest, openStages } from '../../town/mergeRequest.ts';
import { isHeld } from '../../town/offer.ts';
import { openInOrder } from '../../town/queueOrder.ts';
import { ladderLines } from '../../words/ladder.ts';
import { plain } from '../../words/plain.ts';
import { stageWord } from '../../words/states.ts';
import { plainEnglish } from '../../words/translate.ts';
import { findRequest } from '../find.ts';
import { json } from '../print/json.ts';
import { counted, fields, indent, parts, section } from '../print/lines.ts';
import type { Colour } from '../print/paint.ts';
import { type Screen, table } from '../print/table.ts';
import {
  type BatchJson,
  type CheckJson,
  type RequestJson,
  type TipJson,
  batchJson,
  checksJson,
  pauseJson,
  requestJson,
  scoreJson,
  tipsJson,
} from '../queueShapes.ts';
import type { Reach } from '../reach.ts';
import { beadJson, iso } from '../shapes.ts';
import type { Run } from '../verb.ts';

export const listQueue: Run = (reach, asked) => {
  const { state } = reach.rig;
  const { batch } = state.queue;
  const shown = {
    paused: pauseJson(state),
    batch: batch === null ? null : batchJson(batch),
    requests: openInOrder(state, reach.now()).map((one) => requestJson(reach, one)),
  };
  if (asked.given.is('json')) return Promise.resolve(json(shown));
  return Promise.resolve(
    parts(
      pausedText(reach),
      shown.requests.length === 0
        ? 'Nothing is in the merge queue. Proven work enters by itself; `rigs mq add <branch>` enters a branch of yours.'
        : requestTable(shown.requests, asked),
      shown.batch === null ? '' : batchText(shown.batch, asked),
    ),
  );
};

/** Empty while it goes on. */
function pausedText({ rig: { state } }: Reach): string {
  const paused = pauseJson(state);
  if (paused === null) return '';
  const who = paused.by === 'person' ? 'You paused the merge queue.' : 'The merge queue stopped by itself.';
  return `${[who, plain(paused.why, 1_000)].filter((one) => one !== '').join(' ')} \`rigs mq resume\` lets it go on.`;
}

const colours: Readonly<Record<string, Colour | undefined>> = {
  ready: 'yellow',
  proving: 'blue',
  landing: 'green',
  conflict: 'red',
  failed: 'red',
};

function requestTable(requests: readonly RequestJson[], screen: Screen): string {
  return table<RequestJson>(
    [
      { head: 'REQUEST', cell: ({ id }) => id },
      { head: 'BEAD', cell: ({ bead }) => bead },
      { head: 'STAGE', cell: stageText, colour: ({ stage }) => colours[stage] ?? null },
      { head: 'BATCH', cell: ({ batch }) => (batch === null ? '' : String(batch)), right: true },
      { head: 'TITLE', cell: ({ title }) => title, gives: true },
      {
        head: 'WHY',
        cell: ({ why, step, pullRequest }) => step ?? (why === '' ? (pullRequest ?? '') : why),
        gives: true,
        colour: () => 'dim',
      },
    ],
    requests,
    screen,
  );
}

function stageText({ stage, approval }: Pick<RequestJson, 'stage' | 'approval'>): string {
  const word = stageWord(stage as MergeRequest['stage'], plainEnglish);
  return approval !== null && stage === 'queued' ? `${word}, approved` : word;
}

function batchText({ id, target, lands, line, tips }: BatchJson, screen: Screen): string {
  const what = counted(line.length, 'request');
  const end = lands ? 'What is green lands.' : 'Proven ahead: it lands once you approve it.';
  return parts(
    `Batch ${String(id)}: ${what} on top of ${plain(target, 80)}. ${end}`,
    tips.length === 0 ? '' : indent(tipTable(tips, target, screen)),
  );
}

const tipColours: Readonly<Record<TipJson['state'], Colour>> = {
  running: 'blue',
  green: 'green',
  red: 'red',
};

function tipTable(tips: readonly TipJson[], target: string, screen: Screen): string {
  return table<TipJson>(
    [
      {
        head: 'TESTED',
        cell: ({ length }) => (length === 0 ? `${target} alone` : `first ${String(length)}`),
      },
      { head: 'COMMIT', cell: ({ commit }) => commit?.slice(0, 8) ?? '' },
      { head: 'STATE', cell: tipState, colour: ({ state }) => tipColours[state] },
      { head: 'CHECKS', cell: ({ step, checks }) => step ?? checksText(checks), gives: true },
    ],
    tips,
    screen,
  );
}

function tipState({ state, known }: TipJson): string {
  return known ? `${state}, proven before` : state;
}

function checksText(checks: readonly Pick<CheckJson, 'name' | 'outcome'>[]): string {
  return checks.map(({ name, outcome }) => `${name} ${outcome.replaceAll('_', ' ')}`).join(', ');
}

export const showRequest: Run = (reach, asked) => {
  const request = findRequest(reach, asked.given.one('request or bead'));
  return Promise.resolve(
    asked.given.is('json') ? json(wholeJson(reach, request)) : requestText(reach, request, asked),
  );
};

function wholeJson(reach: Reach, request: MergeRequest) {
  const { candidate } = request;
  const bead = reach.rig.state.beads[request.bead];
  return {
    ...requestJson(reach, request),
    /** Its place among the open ones, from 1. */
    place: placeOf(reach, request),
    score: scoreJson(reach, request),
    evidence: bead === undefined ? null : beadJson(reach, bead).evidence,
    candidate:
      candidate === null
        ? null
        : { commit: candidate.commit, onto: candidate.onto, checks: checksJson(candidate.checks) },
    tips: tipsOf(reach, request),
    /** What became of its conflicts and those of its bead before it, the oldest first. */
    ladder: ladderOf(reach.rig.state.requests, request).map((step) => ({ ...step, at: iso(step.at) })),
  };
}

function placeOf({ rig: { state }, now }: Reach, { id, stage }: MergeRequest): number | null {
  if (!openStages.includes(stage)) return null;
  return openInOrder(state, now()).findIndex((one) => one.id === id) + 1;
}

/** Of the batch under proof, those that hold it. */
function tipsOf({ rig: { state } }: Reach, { id }: MergeRequest): readonly TipJson[] {
  const { batch } = state.queue;
  const place = batch?.line.indexOf(id) ?? -1;
  return batch === null || place < 0 ? [] : tipsJson(batch).filter(({ length }) => length > place);
}

function requestText(reach: Reach, request: MergeRequest, screen: Screen): string {
  const shown = wholeJson(reach, request);
  const { candidate, evidence, tips, place } = shown;
  const target = reach.rig.state.rig?.target ?? '';
  const ladder = ladderLines(ladderOf(reach.rig.state.requests, request), plainEnglish);
  return parts(
    `${shown.id}  ${plain(shown.title, 2_000)}`,
    fields([
      ['bead', shown.bead],
      ['stage', stageText(shown)],
      ['place', place === null ? '' : String(place)],
      ['why', shown.why],
      ['approved by', shown.approval ?? ''],
      ['branch', shown.branch],
      ['head', shown.head],
      ['takes back', shown.reverts ?? ''],
      ['pull request', shown.pullRequest ?? ''],
      ['waits for', ownerOf(request)],
      ['landed', shown.landed ?? ''],
      ['entered', shown.createdAt],
      ['changed', shown.changedAt],
    ]),
    scoreText(shown.score, shown.front !== null),
    evidence === null
      ? ''
      : section(
          'What it changes',
          fields([
            [
              'files',
              `${counted(evidence.files.length, 'file')}, +${String(evidence.insertions)} −${String(evidence.deletions)}`,
            ],
            ['checks', checksText(evidence.checks)],
            ['summary', evidence.summary],
          ]),
        ),
    candidate === null
      ? ''
      : section(
          shown.stage === 'landed' ? 'What landed' : 'What would land',
          fields([
            ['commit', candidate.commit],
            ['on top of', candidate.onto],
            ['checks', checksText(candidate.checks)],
          ]),
        ),
    ladder.length === 0 ? '' : `Its conflicts\n${indent(ladder.join('\n'))}`,
    tips.length === 0 ? '' : `Under proof\n${indent(tipTable(tips, target, screen))}`,
  );
}

/** Who moves it on, where that is not the queue; empty: the queue does. */
function ownerOf({ stage, offer }: MergeRequest): string {
  if (stage !== 'offered' || offer === undefined) return '';
  if (isHeld(offer)) return 'you';
  return offer.opened ? 'the forge' : 'Rigs';
}

function scoreText(score: ReturnType<typeof scoreJson>, front: boolean): string {
  if (score === null) return '';
  const said = (value: number): string => (value === 0 ? '' : String(Math.round(value)));
  return section(
    front ? 'Worth in line (you put it to the front)' : 'Worth in line',
    fields([
      ['all in all', said(score.total)],
      ['to begin with', said(score.start)],
      ['age of its convoy', said(score.convoy)],
      ['priority', said(score.priority)],
      ['came back', said(score.retries)],
      ['waiting', said(score.waiting)],
      ['for too long', said(score.patience)],
    ]),
  );
}
