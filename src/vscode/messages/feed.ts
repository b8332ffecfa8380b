/** What the feed's two sides say to each other. */
import * as v from 'valibot';
import { beadId, instant, name, notes, polecatId, requestId, rigKey, sequence, text } from './fields.ts';
import { chartWords, tanksDrawn } from './tanks.ts';

/** Rows a feed holds at once; older ones are read again when asked for. */
export const feedLimit = 1000;
/** Rows that one page of older ones brings. */
export const feedPage = 200;

export const feedKinds = ['bead', 'agent', 'check', 'landing', 'town'] as const;
export type FeedKind = (typeof feedKinds)[number];

const row = v.strictObject({
  /** The same line has the same id wherever it is read from. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  at: instant,
  level: v.picklist(['info', 'good', 'warning', 'error']),
  kind: v.picklist(feedKinds),
  rig: rigKey,
  rigName: name,
  text,
  bead: v.nullable(beadId),
  polecat: v.nullable(polecatId),
  request: v.nullable(requestId),
});
export type FeedRow = Readonly<v.InferOutput<typeof row>>;

const rows = v.pipe(v.array(row), v.maxLength(feedLimit));

/**
 * To the webview. A snapshot is complete; `rows` adds to the message before it; `older` answers a wish; `tanks` stands
 * beside them and has no number.
 */
export const toFeed = v.variant('type', [
  v.strictObject({
    type: v.literal('snapshot'),
    seq: sequence,
    rows,
    more: v.boolean(),
    severalRigs: v.boolean(),
    notes,
  }),
  v.strictObject({ type: v.literal('rows'), seq: sequence, rows }),
  v.strictObject({ type: v.literal('older'), rows, more: v.boolean() }),
  tanksDrawn,
]);
export type ToFeed = v.InferOutput<typeof toFeed>;

/** From the webview: what a person asked for, by ids only. */
export const fromFeed = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('older'), before: instant }),
  v.strictObject({ type: v.literal('open'), what: v.literal('bead'), rig: rigKey, id: beadId }),
  v.strictObject({ type: v.literal('open'), what: v.literal('polecat'), rig: rigKey, id: polecatId }),
  v.strictObject({ type: v.literal('open'), what: v.literal('request'), rig: rigKey, id: requestId }),
  v.strictObject({ type: v.literal('rejected'), why: name }),
]);
export type FromFeed = v.InferOutput<typeof fromFeed>;

const kindWords = v.strictObject({ bead: name, agent: name, check: name, landing: name, town: name });

/** Words of the page itself, translated by the host; `{name}` places are filled in by the page. */
export const feedWords = v.strictObject({
  list: name,
  filter: name,
  filterHint: name,
  kinds: kindWords,
  /** The same for one line. */
  kind: kindWords,
  levels: v.strictObject({ info: name, good: name, warning: name, error: name }),
  shown: name,
  older: name,
  newOne: name,
  newMany: name,
  newest: name,
  empty: text,
  noMatch: text,
  loading: name,
  chart: chartWords,
});
export type FeedWords = v.InferOutput<typeof feedWords>;
