/** How the queue's page reads along what a check prints. */
import * as v from 'valibot';
import { name, requestId, rigKey } from './fields.ts';
import { batchId, length } from './queueBatch.ts';

/** Characters of one message at most; what is longer is left out at its beginning. */
export const pieceLimit = 256 * 1024;

export const checkIndex = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99));

/** Whose output: of a request's check by its place, or of a run of a batch. */
export const outputSource = v.variant('kind', [
  v.strictObject({ kind: v.literal('check'), rig: rigKey, request: requestId, check: checkIndex }),
  v.strictObject({ kind: v.literal('run'), rig: rigKey, batch: batchId, length }),
]);
export type OutputSource = Readonly<v.InferOutput<typeof outputSource>>;

/** Chosen by the page anew each time it opens one, so that what still comes of an earlier one is told apart. */
export const following = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const outputPiece = v.strictObject({
  type: v.literal('output'),
  following,
  /** Name of the file; null: there is none (any more). */
  file: v.nullable(name),
  /** What was shown before is another file's, or further back than is shown. */
  anew: v.boolean(),
  /** Bytes at the beginning that are left out. */
  skipped: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  text: v.pipe(v.string(), v.maxLength(pieceLimit)),
  /** More may come. */
  live: v.boolean(),
});
export type OutputPiece = Readonly<v.InferOutput<typeof outputPiece>>;

/** Words of the output's part; `{name}` places are filled in by the page. */
export const outputWords = v.strictObject({
  title: name,
  open: name,
  close: name,
  find: name,
  next: name,
  previous: name,
  found: name,
  foundMany: name,
  foundNone: name,
  running: name,
  ended: name,
  gone: name,
  waiting: name,
  skipped: name,
});
export type OutputWords = v.InferOutput<typeof outputWords>;
