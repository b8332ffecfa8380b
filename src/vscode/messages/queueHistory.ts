/** What the queue did so far, as its page shows it. */
import * as v from 'valibot';
import { beadId, flakyId, instant, name, requestId, rigKey, text } from './fields.ts';

export const dayCount = 14;
export const pastLimit = 30;
export const flakyLimit = 50;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

const past = v.strictObject({
  rig: rigKey,
  rigName: name,
  at: instant,
  /** What landed and who was to blame, in how many runs and how long. */
  text,
  culprit: v.nullable(v.strictObject({ id: requestId, bead: beadId, title: text })),
});
export type PastRow = Readonly<v.InferOutput<typeof past>>;

const flaky = v.strictObject({
  rig: rigKey,
  rigName: name,
  id: flakyId,
  check: name,
  /** Null: the check as a whole. */
  test: v.nullable(text),
  /** How often it failed and passed on one tree, in words. */
  times: name,
  at: instant,
  /** The one that has it mended; null: none stands. */
  bead: v.nullable(beadId),
});
export type FlakyRow = Readonly<v.InferOutput<typeof flaky>>;

export const queueHistory = v.strictObject({
  /** The oldest first; empty: nothing has landed in any of them. */
  days: v.pipe(v.array(v.strictObject({ at: instant, landed: count })), v.maxLength(dayCount)),
  figures: v.pipe(v.array(v.strictObject({ name, value: name, hint: text })), v.maxLength(10)),
  /** Newest first. */
  past: v.pipe(v.array(past), v.maxLength(pastLimit)),
  /** What did it last comes first. */
  flaky: v.pipe(v.array(flaky), v.maxLength(flakyLimit)),
});
export type QueueHistory = Readonly<v.InferOutput<typeof queueHistory>>;

/** Words of the history; `{name}` places are filled in by the page. */
export const historyWords = v.strictObject({
  title: name,
  empty: text,
  days: name,
  day: name,
  figures: name,
  past: name,
  flaky: name,
  wholeCheck: name,
  flakyAt: name,
  forget: name,
  forgetHint: text,
});
export type HistoryWords = v.InferOutput<typeof historyWords>;
