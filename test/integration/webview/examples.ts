import type { FeedRow } from '../../../src/vscode/messages/feed.ts';
import type { DrawnGauge, TanksDrawn } from '../../../src/vscode/messages/tanks.ts';
import type { LandedRow, QueueRow, QueueShown } from '../../../src/vscode/messages/queue.ts';
import type { BatchPlace, DrawnBatch, RigHead } from '../../../src/vscode/messages/queueBatch.ts';
import type { ConflictsForeseen } from '../../../src/vscode/messages/queueConflicts.ts';
import type { QueueHistory } from '../../../src/vscode/messages/queueHistory.ts';
import type { OutputPiece } from '../../../src/vscode/messages/queueOutput.ts';

export const rig = 'a1b2c3d4e5f6';
/** A morning in March, so that a test never depends on the day it runs. */
const morning = Date.UTC(2026, 2, 7, 9, 0, 0);

export function feedRow(number: number, changes: Partial<FeedRow> = {}): FeedRow {
  return {
    id: number.toString(16).padStart(16, '0'),
    at: morning + number * 1000,
    level: 'info',
    kind: 'bead',
    rig,
    rigName: 'tidy',
    text: `Line ${number}.`,
    bead: null,
    polecat: null,
    request: null,
    ...changes,
  };
}

export function feedRows(from: number, to: number): FeedRow[] {
  return Array.from({ length: to - from + 1 }, (_, index) => feedRow(from + index));
}

export function snapshot(rows: readonly FeedRow[], changes: object = {}): object {
  return { type: 'snapshot', seq: 1, rows, more: false, severalRigs: false, notes: [], ...changes };
}

const hour = 3_600_000;

/** Down from 90 to 40 percent in two and a half hours, dry two hours later, an hour before its reset. */
export function drawnGauge(changes: Partial<DrawnGauge> = {}): DrawnGauge {
  const expected = (hours: number, least: number, likely: number, most: number): DrawnGauge['ahead'][0] => {
    return { at: morning + hours * hour, least, likely, most };
  };
  return {
    id: '00000000000000aa',
    tank: 'claude-code',
    limit: '5-hour window',
    level: 'yellow',
    summary: 'getting low · 40% left · resets in 3 h · dry about 11:00',
    past: [0, 1, 2, 3, 4, 5].map((half) => ({
      at: morning + (half / 2 - 2.5) * hour,
      left: 0.9 - half / 10,
    })),
    ahead: [
      expected(0, 0.4, 0.4, 0.4),
      expected(1.6, 0, 0.08, 0.16),
      expected(2, 0, 0, 0.1),
      expected(3, 0, 0, 0),
    ],
    resetsAt: morning + 3 * hour,
    dryAt: { earliest: morning + 1.6 * hour, likely: morning + 2 * hour },
    facts: [
      { name: 'Limit', value: '5-hour window' },
      { name: 'Left', value: '40% left (getting low)' },
    ],
    ...changes,
  };
}

export function tanks(gauges: readonly DrawnGauge[], changes: Partial<TanksDrawn> = {}): TanksDrawn {
  const lowest =
    gauges[0] === undefined ? '' : `${gauges[0].tank} · ${gauges[0].limit} · ${gauges[0].summary}`;
  return { type: 'tanks', gauges: [...gauges], hidden: 0, lowest, ...changes };
}

export function queueRow(changes: Partial<QueueRow> = {}): QueueRow {
  return {
    id: 'mr-00001',
    rig,
    rigName: 'tidy',
    bead: 'gt-00001',
    title: 'Split long words',
    stage: 'ready',
    stageText: 'waits for approval',
    step: null,
    checks: [{ index: 0, name: 'test', outcome: 'passed', detail: 'passed, 1.2 s', hasOutput: true }],
    reason: null,
    since: morning,
    pullRequest: null,
    drafts: 0,
    actions: ['approve', 'diff', 'retry', 'eject'],
    ...changes,
  };
}

export function landedRow(number: number): LandedRow {
  return {
    id: `mr-${String(number).padStart(5, '0')}`,
    rig,
    rigName: 'tidy',
    bead: `gt-${String(number).padStart(5, '0')}`,
    title: `Landed thing ${number}`,
    commit: 'abc1234567',
    at: morning + number * 60_000,
  };
}

export function rigHead(changes: Partial<RigHead> = {}): RigHead {
  return { rig, rigName: 'tidy', text: '5 wait to land', paused: null, batch: null, ...changes };
}

/** Five of which the first two are proven and the culprit is among the next two. */
export function drawnBatch(changes: Partial<DrawnBatch> = {}): DrawnBatch {
  const states = ['green', 'green', 'suspect', 'suspect', 'unknown'] as const;
  const words = { green: 'proven', suspect: 'suspected', unknown: 'not proven yet' };
  const line = states.map((state, index): BatchPlace => ({
    request: `mr-0000${index + 1}`,
    bead: `gt-0000${index + 1}`,
    title: `Part ${index + 1} of the work on durations`,
    state,
    stateText: words[state],
  }));
  const over = { since: morning, endsAt: null, hasOutput: true };
  return {
    id: 7,
    text: 'Looking for what fails on top of main',
    since: morning,
    endsAt: Date.now() + 150_000,
    target: 'main',
    line,
    runs: [
      { length: 2, state: 'green', text: 'The first 2: green', ...over },
      { length: 4, state: 'red', text: 'The first 4: red, test failed with exit code 1, 12.4 s', ...over },
      {
        ...{ length: 3, state: 'running', text: 'The first 3: running test', since: morning },
        ...{ endsAt: Date.now() + 80_000, hasOutput: true },
      },
    ],
    ...changes,
  };
}

export function outputPiece(text: string, changes: Partial<OutputPiece> = {}): OutputPiece {
  return {
    type: 'output',
    following: 1,
    file: '2-test.log',
    anew: false,
    skipped: 0,
    text,
    live: true,
    ...changes,
  };
}

/** Of three requests, where the third conflicts with the first and with the target. */
export function conflicts(changes: Partial<ConflictsForeseen['rigs'][number]> = {}): ConflictsForeseen {
  const requests = [1, 2, 3].map((number) => ({
    id: `mr-0000${number}`,
    bead: `gt-0000${number}`,
    title: `Part ${number} of the work`,
  }));
  const found = [
    { one: 2, other: null, files: ['src/words.ts'], moreFiles: 0 },
    { one: 2, other: 0, files: ['src/words.ts', 'src/parse.ts'], moreFiles: 3 },
  ];
  const matrix = {
    rig,
    rigName: 'tidy',
    target: 'main',
    requests,
    conflicts: found,
    hidden: 0,
    problem: null,
  };
  return { type: 'conflicts', rigs: [{ ...matrix, ...changes }] };
}

export const noHistory: QueueHistory = { days: [], figures: [], past: [], flaky: [] };

export function someHistory(): QueueHistory {
  const counts = [0, 3, 5, 0, 0, 8, 2, 1, 9, 12, 4, 0, 7, 3];
  return {
    days: counts.map((landed, index) => ({ at: morning + (index - 13) * 24 * hour, landed })),
    figures: [
      { name: 'Runs per landing', value: '0.38', hint: '21 runs of the checks for 55 landings' },
      { name: 'From done to landed', value: '6 min', hint: 'Half of what landed took less' },
      { name: 'Failure rate', value: '12 %', hint: 'The chance that the next request fails' },
    ],
    past: [
      { rig, rigName: 'tidy', at: morning, text: '4 landed, 1 run in 2 min', culprit: null },
      {
        ...{ rig, rigName: 'tidy', at: morning - hour, text: '2 landed, mr-0000z failed, 3 runs in 6 min' },
        culprit: { id: 'mr-0000z', bead: 'gt-0000z', title: 'Cut corners' },
      },
    ],
    flaky: [
      {
        ...{ rig, rigName: 'tidy', id: 'flaky-0000000a', check: 'test', test: 'rounds to the minute' },
        ...{ times: 'failed and passed on the same files 3 times', at: morning - hour, bead: 'gt-0000y' },
      },
      {
        ...{ rig, rigName: 'tidy', id: 'flaky-0000000b', check: 'lint', test: null },
        ...{ times: 'failed and passed on the same files once', at: morning - 30 * hour, bead: null },
      },
    ],
  };
}

export function queue(requests: readonly QueueRow[], changes: Partial<QueueShown> = {}): QueueShown {
  return {
    type: 'queue',
    rigs: [rigHead()],
    requests: [...requests],
    hidden: 0,
    landed: [],
    history: noHistory,
    severalRigs: false,
    notes: [],
    ...changes,
  };
}
