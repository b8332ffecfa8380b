import { firstFailure } from '../../town/check.ts';
import type { RequestId } from '../../town/ids.ts';
import { type Batch, type Run } from '../../town/queue.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import type { Translate, Words } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import {
  type BatchPlace,
  type BatchRun,
  type DrawnBatch,
  lineLimit,
  runLimit,
} from '../messages/queueBatch.ts';
import { checkDetail, stepText } from './queueWords.ts';
import { batchEndsAt, runEndsAt, usualRunMs } from './runTimes.ts';
import { titleOf } from './titleOf.ts';

/** The batch under proof, with everything that is known of its line; null: there is none. */
export function drawnBatch(state: RigState, translate: Translate): DrawnBatch | null {
  const { batch } = state.queue;
  if (batch === null) return null;
  const usualMs = usualRunMs(state);
  return {
    id: batch.id,
    text: plain(stepOfBatch(batch, translate), maxText),
    since: batch.at,
    endsAt: batchEndsAt(batch, usualMs),
    target: plain(batch.target, maxName),
    line: batch.line
      .slice(0, lineLimit)
      .flatMap((id, index) => placeOf(state, batch, id, index + 1, translate)),
    runs: runsOf(batch, usualMs, translate),
  };
}

function stepOfBatch(batch: Batch, translate: Translate): string {
  const { target } = batch;
  if (batch.chain === null) return translate('Being merged in memory on top of {target}', { target });
  if (batch.landing !== null) return translate('Landing on {target}', { target });
  if (batch.red !== null) return translate('Looking for what fails on top of {target}', { target });
  return batch.lands
    ? translate('Being proven on top of {target}', { target })
    : translate('Being proven ahead on top of {target}, until somebody approves it', { target });
}

type PlaceState = BatchPlace['state'];

const placeWords: Words<PlaceState> = {
  landed: (t) => t('landed'),
  landing: (t) => t('landing'),
  green: (t) => t('proven'),
  suspect: (t) => t('suspected'),
  red: (t) => t('fails'),
  unknown: (t) => t('not proven yet'),
};

function placeOf(
  state: RigState,
  batch: Batch,
  id: RequestId,
  place: number,
  translate: Translate,
): readonly BatchPlace[] {
  const request = state.requests[id];
  if (request === undefined) return [];
  const known = stateOf(batch, place);
  const { bead } = request;
  return [
    {
      request: id,
      bead,
      title: titleOf(state, request),
      state: known,
      stateText: placeWords[known](translate),
    },
  ];
}

/** Of the one at a place of the line, from 1. */
function stateOf({ landed, landing, green, red }: Batch, place: number): PlaceState {
  if (place <= landed) return 'landed';
  if (landing !== null && place <= landing) return 'landing';
  if (place <= green) return 'green';
  if (red === null || place > red) return 'unknown';
  return red === green + 1 ? 'red' : 'suspect';
}

/** Over first, as they ended; then what runs, the shortest first. */
function runsOf(batch: Batch, usualMs: number | null, translate: Translate): BatchRun[] {
  const over = Object.entries(batch.runs)
    .map(([length, run]) => ({ length: Number(length), run }))
    .filter(({ length }) => !batch.running.includes(length))
    .sort((a, b) => a.run.at - b.run.at || a.length - b.length)
    .map(({ length, run }) => runOver(length, run, translate));
  const under = batch.running.map((length): BatchRun => {
    const step = batch.steps[length];
    const what = step === undefined ? translate('getting ready') : stepText(step, translate);
    const text = translate('{what}: {state}', { what: tested(length, translate), state: what });
    const since = batch.started?.[length] ?? null;
    const endsAt = runEndsAt(batch, length, usualMs);
    return { length, state: 'running', text: plain(text, maxText), since, endsAt, hasOutput: true };
  });
  return [...over, ...under].filter(({ length }) => length <= lineLimit).slice(-runLimit);
}

function runOver(length: number, run: Run, translate: Translate): BatchRun {
  const text = translate('{what}: {state}', {
    what: tested(length, translate),
    state: cameOf(run, translate),
  });
  const hasOutput = run.checks.some(({ outputFile }) => outputFile !== null);
  const state = run.known && run.outcome === 'green' ? 'known' : run.outcome;
  return { length, state, text: plain(text, maxText), since: run.at, endsAt: null, hasOutput };
}

function tested(length: number, translate: Translate): string {
  if (length === 0) return translate('The target alone');
  return length === 1 ? translate('The first') : translate('The first {count}', { count: length });
}

function cameOf({ outcome, known, checks }: Run, translate: Translate): string {
  if (outcome === 'green') return known ? translate('proven before on the same tree') : translate('green');
  const failed = firstFailure(checks);
  if (failed === null) return translate('red');
  return translate('red, {check} {outcome}', { check: failed.name, outcome: checkDetail(failed, translate) });
}
