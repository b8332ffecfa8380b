import type { FeedRow } from '../../../src/vscode/messages/feed.ts';
import type { DrawnGauge, TanksDrawn } from '../../../src/vscode/messages/tanks.ts';
import type { LandedRow, QueueRow, ToQueue } from '../../../src/vscode/messages/queue.ts';

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

export function queue(requests: readonly QueueRow[], changes: Partial<ToQueue> = {}): ToQueue {
  return {
    type: 'queue',
    requests: [...requests],
    hidden: 0,
    landed: [],
    severalRigs: false,
    notes: [],
    ...changes,
  };
}
