/** What the merge queue's two sides say to each other. */
import * as v from 'valibot';
import { beadId, flakyId, instant, name, notes, requestId, rigKey, text } from './fields.ts';
import { batchWords, rigHead, rigLimit } from './queueBatch.ts';
import { conflictWords, conflictsForeseen } from './queueConflicts.ts';
import { historyWords, queueHistory } from './queueHistory.ts';
import { checkIndex, following, outputPiece, outputSource, outputWords } from './queueOutput.ts';

export const requestLimit = 200;
export const landedLimit = 20;
export const ladderLimit = 12;

/** Everything a person can do to a request here. The host turns each into a command of the palette. */
export const queueActions = [
  'approve',
  'convoy',
  'land',
  'pull',
  'send',
  'diff',
  'retry',
  'front',
  'eject',
] as const;
export type QueueAction = (typeof queueActions)[number];

const check = v.strictObject({
  /** Its place in the request's results; the host finds the output by it. */
  index: checkIndex,
  name,
  outcome: v.picklist(['passed', 'failed', 'timed_out', 'not_runnable', 'skipped']),
  /** Outcome and duration in words. */
  detail: name,
  hasOutput: v.boolean(),
});

const request = v.strictObject({
  id: requestId,
  rig: rigKey,
  rigName: name,
  bead: beadId,
  title: text,
  stage: v.picklist([
    'queued',
    'proving',
    'ready',
    'approved',
    'landing',
    'offered',
    'conflict',
    'failed',
    'ejected',
  ]),
  stageText: name,
  step: v.nullable(name),
  checks: v.pipe(v.array(check), v.maxLength(100)),
  reason: v.nullable(text),
  /** What became of its conflicts, the oldest first; absent: it had none. */
  ladder: v.exactOptional(v.pipe(v.array(text), v.maxLength(ladderLimit))),
  since: instant,
  /** Where its pull request is seen; null: it has none. */
  pullRequest: v.nullable(v.pipe(text, v.startsWith('https://'))),
  /** Comments on it that were not sent. */
  drafts: v.pipe(v.number(), v.integer(), v.minValue(0)),
  actions: v.pipe(v.array(v.picklist(queueActions)), v.maxLength(queueActions.length)),
});
export type QueueRow = Readonly<v.InferOutput<typeof request>>;

const landed = v.strictObject({
  id: requestId,
  rig: rigKey,
  rigName: name,
  bead: beadId,
  title: text,
  commit: v.pipe(v.string(), v.regex(/^[0-9a-f]{7,12}$/)),
  at: instant,
});
export type LandedRow = Readonly<v.InferOutput<typeof landed>>;

/** Always the complete queue, so that the latest message is the whole truth. */
export const queueShown = v.strictObject({
  type: v.literal('queue'),
  rigs: v.pipe(v.array(rigHead), v.maxLength(rigLimit)),
  requests: v.pipe(v.array(request), v.maxLength(requestLimit)),
  /** Requests beyond the limit that are not shown. */
  hidden: v.pipe(v.number(), v.integer(), v.minValue(0)),
  landed: v.pipe(v.array(landed), v.maxLength(landedLimit)),
  history: queueHistory,
  severalRigs: v.boolean(),
  notes,
});
export type QueueShown = v.InferOutput<typeof queueShown>;

/** To the webview. */
export const toQueue = v.variant('type', [queueShown, outputPiece, conflictsForeseen]);
export type ToQueue = v.InferOutput<typeof toQueue>;

/** From the webview: what a person asked for, by ids only. */
export const fromQueue = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({
    type: v.literal('act'),
    action: v.picklist(queueActions),
    rig: rigKey,
    request: requestId,
  }),
  v.strictObject({ type: v.literal('turn'), to: v.picklist(['pause', 'resume']), rig: rigKey }),
  v.strictObject({ type: v.literal('bead'), rig: rigKey, id: beadId }),
  /** No longer takes a test for flaky. */
  v.strictObject({ type: v.literal('forget'), rig: rigKey, flaky: flakyId }),
  /** Reads along what a check prints, until another is followed or `leave` comes. */
  v.strictObject({ type: v.literal('follow'), following, source: outputSource }),
  v.strictObject({ type: v.literal('leave') }),
  /** Shows the whole file in an editor. */
  v.strictObject({ type: v.literal('open'), source: outputSource }),
  v.strictObject({ type: v.literal('rejected'), why: name }),
]);
export type FromQueue = v.InferOutput<typeof fromQueue>;

/** Words of the page itself, translated by the host. */
export const queueWords = v.strictObject({
  table: name,
  columns: v.strictObject({ stage: name, rig: name, bead: name, checks: name, why: name, actions: name }),
  actions: v.strictObject(v.entriesFromList(queueActions, name)),
  hints: v.strictObject(v.entriesFromList(queueActions, text)),
  checkOutput: name,
  since: name,
  landed: name,
  landedEmpty: text,
  empty: text,
  hidden: text,
  loading: name,
  batch: batchWords,
  output: outputWords,
  conflicts: conflictWords,
  history: historyWords,
});
export type QueueWords = v.InferOutput<typeof queueWords>;
