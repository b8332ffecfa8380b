/** Which open requests conflict, as the queue's page draws it. */
import * as v from 'valibot';
import { beadId, name, requestId, rigKey, text } from './fields.ts';
import { rigLimit } from './queueBatch.ts';

/** Requests of one rig that are held against each other at most. */
export const foreseenLimit = 30;
/** Files of one conflict that are named. */
export const conflictFiles = 20;

const place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(foreseenLimit - 1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const conflict = v.strictObject({
  one: place,
  /** Null: with the target. */
  other: v.nullable(place),
  files: v.pipe(v.array(name), v.minLength(1), v.maxLength(conflictFiles)),
  moreFiles: count,
});
export type DrawnConflict = Readonly<v.InferOutput<typeof conflict>>;

const matrix = v.strictObject({
  rig: rigKey,
  rigName: name,
  target: name,
  requests: v.pipe(
    v.array(v.strictObject({ id: requestId, bead: beadId, title: text })),
    v.maxLength(foreseenLimit),
  ),
  conflicts: v.pipe(v.array(conflict), v.maxLength((foreseenLimit * (foreseenLimit + 1)) / 2)),
  /** Open requests beyond the limit. */
  hidden: count,
  /** Why nothing can be said; null: it could. */
  problem: v.nullable(text),
});
export type ConflictMatrix = Readonly<v.InferOutput<typeof matrix>>;

export const conflictsForeseen = v.strictObject({
  type: v.literal('conflicts'),
  rigs: v.pipe(v.array(matrix), v.maxLength(rigLimit)),
});
export type ConflictsForeseen = v.InferOutput<typeof conflictsForeseen>;

/** Words of the matrix; `{name}` places are filled in by the page. */
export const conflictWords = v.strictObject({
  title: name,
  none: name,
  empty: text,
  clean: name,
  conflict: text,
  moreFiles: name,
  hidden: name,
  found: name,
});
export type ConflictWords = v.InferOutput<typeof conflictWords>;
