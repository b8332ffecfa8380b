import type { FeedRow } from '../../../src/vscode/messages/feed.ts';
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
