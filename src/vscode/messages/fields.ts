/** What both sides of a webview agree a single field looks like. Sizes are capped: a message is never a way to fill memory. */
import * as v from 'valibot';

/** Characters of one line of text; longer ones are cut where they are made (`plainText`). */
export const maxText = 2000;
/** Characters of a name: a rig's, a check's, a step's. */
export const maxName = 200;

export const text = v.pipe(v.string(), v.maxLength(maxText));
export const name = v.pipe(v.string(), v.maxLength(maxName));
/** Absolute UTC milliseconds. */
export const instant = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));
/** Stands for a rig on the way to a webview and back; a path never travels. */
export const rigKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/));

const id = (pattern: RegExp) => v.pipe(v.string(), v.maxLength(64), v.regex(pattern));
export const beadId = id(/^gt-[0-9a-z]{5}$/);
export const requestId = id(/^mr-[0-9a-z]{5}$/);
/** Stands for a flaky test of a rig. */
export const flakyId = id(/^flaky-[0-9a-f]{8}$/);
export const polecatId = id(/^[a-z]+-\d+$/);

/** Grows by one with every message of a view, so that a lost one is noticed. */
export const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Problems a view shows above what it could read: an unreadable feed is not an empty one. */
export const notes = v.pipe(v.array(text), v.maxLength(20));
