/** What the feed's page draws of tanks: figures and sentences, made by the host. */
import * as v from 'valibot';
import { instant, name, text } from './fields.ts';

/** Gauges that are drawn at most. */
export const gaugeLimit = 24;
/** More than a gauge keeps of its window, and what its forecast bends at. */
const pointLimit = 100;

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const left = v.strictObject({ at: instant, left: fraction });
const expected = v.strictObject({ at: instant, least: fraction, likely: fraction, most: fraction });

const gauge = v.strictObject({
  /** The same for the same gauge of the same account. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  tank: name,
  limit: name,
  level: v.picklist(['green', 'yellow', 'red', 'empty']),
  /** Level, percent left, reset and when it will be dry. */
  summary: text,
  past: v.pipe(v.array(left), v.minLength(1), v.maxLength(pointLimit)),
  ahead: v.pipe(v.array(expected), v.maxLength(pointLimit)),
  resetsAt: v.nullable(instant),
  /** Dry if it goes on so, and at the earliest. */
  dryAt: v.nullable(v.strictObject({ earliest: instant, likely: v.nullable(instant) })),
  /** For those who don't see the curve. */
  facts: v.pipe(v.array(v.strictObject({ name, value: text })), v.maxLength(20)),
});
export type DrawnGauge = Readonly<v.InferOutput<typeof gauge>>;

/** Always all of them, so that the latest message is the whole truth. */
export const tanksDrawn = v.strictObject({
  type: v.literal('tanks'),
  gauges: v.pipe(v.array(gauge), v.maxLength(gaugeLimit)),
  /** Gauges beyond the limit that are not drawn. */
  hidden: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The lowest of them; empty: nothing is known of any. */
  lowest: text,
});
export type TanksDrawn = v.InferOutput<typeof tanksDrawn>;

/** Words of the chart, translated by the host; `{name}` places are filled in by the page. */
export const chartWords = v.strictObject({
  title: name,
  empty: text,
  hidden: text,
  reset: name,
  dry: name,
  mayBeDry: name,
  left: name,
  expected: name,
  hint: name,
});
export type ChartWords = v.InferOutput<typeof chartWords>;
