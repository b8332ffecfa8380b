import { failureRate } from '../../town/failureRate.ts';
import type { Instant } from '../../town/ids.ts';
import { type PastBatch, queueOf } from '../../town/queue.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { duration } from '../../words/times.ts';
import type { Translate } from '../../words/translate.ts';
import { maxText } from '../messages/fields.ts';
import { type PastRow, type QueueHistory, dayCount, pastLimit } from '../messages/queueHistory.ts';
import type { KeyedRig } from './rigs.ts';
import { median } from './runTimes.ts';
import { titleOf } from './titleOf.ts';

type Figure = QueueHistory['figures'][number];

/** What landed day by day, what it took, and the batches that are over. */
export function queueHistory(rigs: readonly KeyedRig[], translate: Translate, now: Instant): QueueHistory {
  const states = rigs.map(({ rig }) => rig.control.state);
  const past = rigs.flatMap((rig) => pastRows(rig, translate)).sort((a, b) => b.at - a.at);
  return {
    days: daysOf(states, now),
    figures: figuresOf(states, translate),
    past: past.slice(0, pastLimit),
  };
}

function daysOf(states: readonly RigState[], now: Instant): QueueHistory['days'] {
  const begins = Array.from({ length: dayCount }, (_, index) => dayBegin(now, dayCount - 1 - index));
  const landed = states.flatMap(landings);
  const end = dayBegin(now, -1);
  const days = begins.map((at, index) => ({
    at,
    landed: landed.filter((one) => one >= at && one < (begins[index + 1] ?? end)).length,
  }));
  return days.some((day) => day.landed > 0) ? days : [];
}

/** Midnight of the person's day, so many days ago; days are not all as long. */
function dayBegin(now: Instant, daysAgo: number): Instant {
  const day = new Date(now);
  return Math.max(0, new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysAgo).getTime());
}

/** When each landed. A batch remembers those whose bead was put into the archive. */
function landings(state: RigState): readonly Instant[] {
  const landed = new Map<string, Instant>();
  for (const { landed: ids, ended } of queueOf(state).past) for (const id of ids) landed.set(id, ended);
  for (const { id, stage, changedAt } of Object.values(state.requests))
    if (stage === 'landed') landed.set(id, changedAt);
  return [...landed.values()];
}

function figuresOf(states: readonly RigState[], translate: Translate): Figure[] {
  const past = states.flatMap((state) => queueOf(state).past);
  const count = past.reduce((sum, { landed }) => sum + landed.length, 0);
  const runs = past.reduce((sum, one) => sum + one.runs, 0);
  const wait = median(states.flatMap(waits));
  return [
    ...(count === 0
      ? []
      : [
          {
            name: translate('Runs per landing'),
            value: (runs / count).toFixed(2),
            hint: translate('{runs} runs of the checks for {count} landings', { runs, count }),
          },
        ]),
    ...(wait === null
      ? []
      : [
          {
            name: translate('From done to landed'),
            value: duration(wait, translate),
            hint: translate('Half of what landed took less'),
          },
        ]),
    ...rateFigure(states, translate),
  ];
}

/** Of landed requests, in milliseconds. */
function waits(state: RigState): readonly number[] {
  return Object.values(state.requests).flatMap(({ stage, createdAt, changedAt }) =>
    stage === 'landed' ? [Math.max(0, changedAt - createdAt)] : [],
  );
}

function rateFigure(states: readonly RigState[], translate: Translate): readonly Figure[] {
  const outcomes = states.map((state) => queueOf(state).outcomes);
  const passed = outcomes.reduce((sum, one) => sum + one.passed, 0);
  const failed = outcomes.reduce((sum, one) => sum + one.failed, 0);
  if (passed + failed === 0) return [];
  return [
    {
      name: translate('Failure rate'),
      value: translate('{percent} %', { percent: Math.round(failureRate({ passed, failed }) * 100) }),
      hint: translate(
        'The chance that the next request fails, from those before it; batches are sized by it',
      ),
    },
  ];
}

function pastRows(keyed: KeyedRig, translate: Translate): readonly PastRow[] {
  const { state } = keyed.rig.control;
  return queueOf(state).past.map((one) => {
    const request = one.culprit === null ? undefined : state.requests[one.culprit];
    const culprit =
      request === undefined ? null : { id: request.id, bead: request.bead, title: titleOf(state, request) };
    return {
      rig: keyed.key,
      rigName: keyed.name,
      at: one.ended,
      text: plain(pastText(one, translate), maxText),
      culprit,
    };
  });
}

function pastText({ landed, culprit, runs, began, ended }: PastBatch, translate: Translate): string {
  const count = landed.length;
  const what =
    culprit === null
      ? translate('{count} landed', { count })
      : count === 0
        ? translate('none landed, {request} failed', { request: culprit })
        : translate('{count} landed, {request} failed', { count, request: culprit });
  const took = duration(ended - began, translate);
  if (runs === 0) return translate('{what}, without a run, in {took}', { what, took });
  return runs === 1
    ? translate('{what}, 1 run in {took}', { what, took })
    : translate('{what}, {runs} runs in {took}', { what, runs, took });
}
