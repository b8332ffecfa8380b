import { type FlakyTest, beadOfFlaky, flakyTests } from '../../town/flaky.ts';
import type { Instant } from '../../town/ids.ts';
import { type PastBatch } from '../../town/queue.ts';
import { type QueueFigures, landings, queueFigures } from '../../town/queueFigures.ts';
import type { RigState } from '../../town/state.ts';
import { clock, duration } from '../../words/times.ts';
import { plainEnglish } from '../../words/translate.ts';
import { json } from '../print/json.ts';
import { counted, fields, parts } from '../print/lines.ts';
import { table } from '../print/table.ts';
import { iso } from '../shapes.ts';
import { limitOf } from '../values.ts';
import type { Run } from '../verb.ts';

const usualLimit = 20;

export const queueHistory: Run = (reach, asked) => {
  const { state } = reach.rig;
  const limit = limitOf(asked, asked.given.is('json') ? Infinity : usualLimit);
  const past = state.queue.past.toReversed();
  const shown = past.slice(0, limit);
  const figures = queueFigures([state]);
  const days = landedPerDay(state);
  const flaky = flakyTests(state.queue.flaky);
  if (asked.given.is('json'))
    return Promise.resolve(
      json({
        figures: figuresJson(figures),
        days,
        batches: shown.map(pastJson),
        flaky: flaky.map((one) => flakyJson(state, one)),
      }),
    );
  if (figures.landed === 0 && past.length === 0 && flaky.length === 0)
    return Promise.resolve('Nothing has landed yet. `rigs mq list` shows what is on its way.');
  const more = past.length - shown.length;
  return Promise.resolve(
    parts(
      figuresText(figures, days),
      shown.length === 0 ? '' : pastTable(shown, reach.now(), asked),
      flaky.length === 0 ? '' : flakyTable(state, flaky, reach.now(), asked),
      more === 0 ? '' : `${counted(more, 'older batch', 'older batches')}: --limit 0 shows all.`,
    ),
  );
};

interface Day {
  /** `2026-03-07`, where the person is. */
  readonly day: string;
  readonly landed: number;
}

/** The newest first; days on which nothing landed are not there. */
function landedPerDay(state: RigState): readonly Day[] {
  const counts = new Map<string, number>();
  for (const at of landings(state).values()) {
    const [day = ''] = clock(at, null).split(' ');
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].map(([day, landed]) => ({ day, landed })).sort((a, b) => (a.day < b.day ? 1 : -1));
}

function figuresJson({ landed, runsPerLanding, medianWaitMs, failureRate }: QueueFigures) {
  const medianMinutes = medianWaitMs === null ? null : medianWaitMs / 60_000;
  /** `medianMinutes`: from done to landed. `failureRate`: of the next request, 0–1. */
  return { landed, runsPerLanding, medianMinutes, failureRate };
}

function pastJson({ id, landed, culprit, offered = [], runs, began, ended }: PastBatch) {
  return { batch: id, landed, offered, culprit, runs, began: iso(began), ended: iso(ended) };
}

const daysShown = 7;

function figuresText(
  { landed, runsPerLanding, medianWaitMs, failureRate }: QueueFigures,
  days: readonly Day[],
): string {
  return fields([
    ['landed', String(landed)],
    [
      'by day',
      days
        .slice(0, daysShown)
        .map((one) => `${one.day}: ${String(one.landed)}`)
        .join(', '),
    ],
    ['runs per landing', runsPerLanding === null ? '' : runsPerLanding.toFixed(2)],
    [
      'done to landed',
      medianWaitMs === null ? '' : `${duration(medianWaitMs, plainEnglish)} (half took less)`,
    ],
    ['failure rate', failureRate === null ? '' : `${String(Math.round(failureRate * 100))} %`],
  ]);
}

function pastTable(past: readonly PastBatch[], now: Instant, screen: Parameters<typeof table>[2]): string {
  return table<PastBatch>(
    [
      { head: 'ENDED', cell: ({ ended }) => clock(ended, now) },
      { head: 'BATCH', cell: ({ id }) => String(id), right: true },
      { head: 'RUNS', cell: ({ runs }) => String(runs), right: true },
      { head: 'TOOK', cell: ({ began, ended }) => duration(ended - began, plainEnglish) },
      { head: 'FAILED', cell: ({ culprit }) => culprit ?? '', colour: () => 'red' },
      { head: 'OFFERED', cell: ({ offered = [] }) => offered.join(', '), colour: () => 'blue' },
      { head: 'LANDED', cell: ({ landed }) => landed.join(', '), gives: true, colour: () => 'green' },
    ],
    past,
    screen,
  );
}

/** `times`: how often it failed and passed on one tree. `test` null: the check as a whole. */
function flakyJson({ beads }: RigState, one: FlakyTest) {
  const { check, test, flips, lastAt } = one;
  return { check, test, times: flips, last: iso(lastAt), bead: beadOfFlaky(beads, one)?.id ?? null };
}

function flakyTable(
  { beads }: RigState,
  flaky: readonly FlakyTest[],
  now: Instant,
  screen: Parameters<typeof table>[2],
): string {
  const rows = table<FlakyTest>(
    [
      { head: 'LAST', cell: ({ lastAt }) => clock(lastAt, now) },
      { head: 'TIMES', cell: ({ flips }) => String(flips), right: true },
      { head: 'CHECK', cell: ({ check }) => check },
      { head: 'BEAD', cell: (one) => beadOfFlaky(beads, one)?.id ?? '' },
      { head: 'TEST', cell: ({ test }) => test ?? '', gives: true },
    ],
    flaky,
    screen,
  );
  return `Flaky, failed and passed on the same files:\n${rows}`;
}
