/** What the queue's page shows of each rig's queue itself: whether it goes on, and the batch under proof. */
import * as v from 'valibot';
import { beadId, instant, name, requestId, rigKey, text } from './fields.ts';

export const rigLimit = 20;
/** Requests of a batch, and runs of its checks, that are drawn at most. */
export const lineLimit = 100;
export const runLimit = 40;

/** Of the line, counted from its front; 0 is the target alone. */
export const length = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(lineLimit));
export const batchId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const place = v.strictObject({
  request: requestId,
  bead: beadId,
  title: text,
  state: v.picklist(['landed', 'landing', 'green', 'suspect', 'red', 'unknown']),
  stateText: name,
});
export type BatchPlace = Readonly<v.InferOutput<typeof place>>;

const run = v.strictObject({
  length,
  state: v.picklist(['running', 'green', 'red', 'known']),
  /** How many of the line it tests, and what came of it or what it does. */
  text,
  since: v.nullable(instant),
  /** When it should be over, as runs of before took; null: not known, or it is over. */
  endsAt: v.nullable(instant),
  hasOutput: v.boolean(),
});
export type BatchRun = Readonly<v.InferOutput<typeof run>>;

const batch = v.strictObject({
  id: batchId,
  /** What is done with it just now. */
  text,
  since: instant,
  /** When all of it should be decided; null: not known. */
  endsAt: v.nullable(instant),
  target: name,
  line: v.pipe(v.array(place), v.maxLength(lineLimit)),
  runs: v.pipe(v.array(run), v.maxLength(runLimit)),
});
export type DrawnBatch = Readonly<v.InferOutput<typeof batch>>;

export const rigHead = v.strictObject({
  rig: rigKey,
  rigName: name,
  /** What its queue does just now. */
  text,
  paused: v.nullable(v.strictObject({ why: text, byPerson: v.boolean(), since: instant })),
  batch: v.nullable(batch),
});
export type RigHead = Readonly<v.InferOutput<typeof rigHead>>;

/** Words of these parts; `{name}` places are filled in by the page. */
export const batchWords = v.strictObject({
  pause: name,
  pauseHint: text,
  resume: name,
  resumeHint: text,
  line: name,
  runs: name,
  alone: name,
  left: name,
  leftShort: name,
  runOutput: name,
  output: name,
});
export type BatchWords = v.InferOutput<typeof batchWords>;
