import * as v from 'valibot';
import type { Notice } from '../ports/notices.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { RigState, TownEvent } from '../town/state.ts';
import { count, instant } from './fields.ts';
import { reasonShape } from './protocol.ts';

/**
 * What `GET /v1/follow` tells: one JSON a line, first where the rig stands (`begin`, its nouns a few hundred a line
 * so that neither end is held up, `begun`), then what happens to it. The line `ping` keeps the two from taking
 * silence for peace. Both ends are of one Rigs, which `begin` says; so events, reasons and nouns are what the town's
 * types say, and only their outlines are looked at.
 */
export const nounNames = [
  'beads',
  'convoys',
  'polecats',
  'requests',
  'asks',
] as const satisfies readonly (keyof RigState)[];
export type NounName = (typeof nounNames)[number];
/** A state without its nouns. */
export type Rest = Omit<RigState, NounName>;
export type Noun = RigState[NounName] extends Readonly<Record<string, infer N>> ? N : never;

type Fields = Readonly<Record<string, unknown>>;

function isFields(given: unknown): given is Fields {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

const shaped = <T>(holds: (given: Fields) => boolean) =>
  v.custom<T>((given) => isFields(given) && holds(given));

const noun = shaped<Noun>(({ id }) => typeof id === 'string' && id !== '__proto__');
const event = shaped<TownEvent>(({ type, at }) => typeof type === 'string' && typeof at === 'number');
const notice = shaped<Notice>(
  ({ at, level, what, facts, kind }) =>
    typeof at === 'number' &&
    [level, what, kind].every((word) => typeof word === 'string') &&
    isFields(facts),
);
const rest = shaped<Rest>(
  ({ rig, stopped, nextToken }) =>
    (rig === null || isFields(rig)) && typeof stopped === 'boolean' && typeof nextToken === 'number',
);
const facts = shaped<DispatchFacts>(
  ({ seats, maxPolecats }) => Array.isArray(seats) && typeof maxPolecats === 'number',
);

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(-1));

export const followMessage = v.variant('type', [
  v.object({
    type: v.literal('begin'),
    /** Version of the Rigs that tells. */
    rigs: v.string(),
    epoch: v.number(),
    seq,
    rest,
    facts,
    readOnly: v.nullable(reasonShape),
    /** The newest lines of the feed, oldest of them first. */
    feed: v.array(notice),
  }),
  v.object({ type: v.literal('nouns'), of: v.picklist(nounNames), all: v.array(noun) }),
  v.object({ type: v.literal('begun') }),
  v.object({ type: v.literal('entry'), seq: count, at: instant, events: v.array(event) }),
  v.object({ type: v.literal('facts'), facts }),
  v.object({ type: v.literal('notice'), notice }),
  v.object({ type: v.literal('readOnly'), reason: v.nullable(reasonShape) }),
  v.object({ type: v.literal('ping') }),
]);
export type FollowMessage = v.InferOutput<typeof followMessage>;
export type MessageOf<T extends FollowMessage['type']> = Extract<FollowMessage, { type: T }>;

export function printMessage(message: FollowMessage): string {
  return `${JSON.stringify(message)}\n`;
}
