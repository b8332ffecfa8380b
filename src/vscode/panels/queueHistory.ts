import { beadOfFlaky, flakyLabel, flakyTests } from '../../town/flaky.ts';
import type { Instant } from '../../town/ids.ts';
import { type PastBatch } from '../../town/queue.ts';
import { landings, queueFigures } from '../../town/queueFigures.ts';
import type { RigState } from '../../town/state.ts';
import { plain } from '../../words/plain.ts';
import { duration } from '../../words/times.ts';
import type { Translate } from '../../words/translate.ts';
import { maxName, maxText } from '../messages/fields.ts';
import {
  type FlakyRow,
  type PastRow,
  type QueueHistory,
  dayCount,
  flakyLimit,
  pastLimit,
} from '../messages/queueHistory.ts';
import type { KeyedRig } from './rigs.ts';
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
    flaky: rigs
      .flatMap((rig) => flakyRows(rig, translate))
      .sort((a, b) => b.at - a.at)
      .slice(0, flakyLimit),
  };
}

function daysOf(states: readonly RigState[], now: Instant): QueueHistory['days'] {
  const begins = Array.from({ length: dayCount }, (_, index) => dayBegin(now, dayCount - 1 - index));
  const landed = states.flatMap((state) => [...landings(state).values()]);
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

function figuresOf(states: readonly RigState[], translate: Translate): Figure[] {
  const { runsPerLanding, together, runs, medianWaitMs, failureRate } = queueFigures(states);
  return [
    runsPerLanding === null
      ? null
      : {
          name: translate('Runs per landing'),
          value: runsPerLanding.toFixed(2),
          hint: translate('{runs} runs of the checks for {count} landings', { runs, count: together }),
        },
    medianWaitMs === null
      ? null
      : {
          name: translate('From done to landed'),
          value: duration(medianWaitMs, translate),
          hint: translate('Half of what landed took less'),
        },
    failureRate === null
      ? null
      : {
          name: translate('Failure rate'),
          value: translate('{percent} %', { percent: Math.round(failureRate * 100) }),
          hint: translate(
            'The chance that the next request fails, from those before it; batches are sized by it',
          ),
        },
  ].filter((one) => one !== null);
}

function pastRows(keyed: KeyedRig, translate: Translate): readonly PastRow[] {
  const { state } = keyed.rig.control;
  return state.queue.past.map((one) => {
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

function pastText(
  { landed, culprit, offered = [], runs, began, ended }: PastBatch,
  translate: Translate,
): string {
  const count = landed.length;
  const what =
    culprit === null
      ? offered.length > 0
        ? translate('{request} went to the forge', { request: offered.join(', ') })
        : translate('{count} landed', { count })
      : count === 0
        ? translate('none landed, {request} failed', { request: culprit })
        : translate('{count} landed, {request} failed', { count, request: culprit });
  const took = duration(ended - began, translate);
  if (runs === 0) return translate('{what}, without a run, in {took}', { what, took });
  return runs === 1
    ? translate('{what}, 1 run in {took}', { what, took })
    : translate('{what}, {runs} runs in {took}', { what, runs, took });
}

function flakyRows({ key, name, rig }: KeyedRig, translate: Translate): readonly FlakyRow[] {
  const { state } = rig.control;
  return flakyTests(state.queue.flaky).map((one) => ({
    ...{ rig: key, rigName: name, id: flakyLabel(one), at: one.lastAt },
    check: plain(one.check, maxName),
    test: one.test === null ? null : plain(one.test, maxText),
    times:
      one.flips === 1
        ? translate('failed and passed on the same files once')
        : translate('failed and passed on the same files {count} times', { count: one.flips }),
    bead: beadOfFlaky(state.beads, one)?.id ?? null,
  }));
}
