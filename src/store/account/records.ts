import * as v from 'valibot';
import type { AccountError } from '../../ports/account.ts';
import type { AccountEvent, AccountState } from '../../town/account.ts';
import type { Instant } from '../../town/ids.ts';
import { unseal } from '../sealedLine.ts';
import { booking, fuelMembers, need, news } from './fuelRecords.ts';
import { damaged, newerSchema } from './problems.ts';

/** Schema of everything in the account's folder. It grows when an older Rigs could misread what a newer one wrote. */
export const accountSchema = 3;
/** Version of the events in a line; an older one is turned into this before it is folded. */
export const eventVersion = 3;

const instant = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const processMembers = { pid: count, startTime: v.string() };
const process = v.object(processMembers);
const host = { ...processMembers, boot: v.string(), pidSpace: v.string(), machine: v.string() };
const holder = v.object({ ...host, id: v.string() });
const key = { rig: v.string(), polecat: v.string(), token: count };
const reservation = v.object({
  ...key,
  tank: v.string(),
  // Since version 2.
  model: v.optional(v.string(), ''),
  need: v.optional(v.nullable(need), null),
  // Since version 3.
  bead: v.optional(v.nullable(v.string()), null),
  convoy: v.optional(v.nullable(v.string()), null),
  spool: v.nullable(v.string()),
  agent: v.nullable(process),
  holder,
  at: instant,
});
const rig = v.object({ rig: v.string(), root: v.string(), name: v.string(), at: instant });
const state = v.object({
  reservations: v.record(v.string(), reservation),
  rigs: v.record(v.string(), rig),
  epochs: v.record(v.string(), count),
  ...fuelMembers,
});

/** Typed by the event: one without a shape does not compile. */
const shapes: Readonly<Record<AccountEvent['type'], v.GenericSchema>> = {
  'reservation.made': v.object({ type: v.string(), reservation }),
  'reservation.taken_over': v.object({ type: v.string(), key: v.object(key), holder }),
  'reservation.confirmed': v.object({ type: v.string(), key: v.object(key), agent: process }),
  'reservation.released': v.object({
    type: v.string(),
    key: v.object(key),
    cause: v.picklist(['released', 'gone', 'reconciled']),
  }),
  'rig.owned': v.object({ type: v.string(), rig: v.string(), epoch: count }),
  'rig.seen': v.object({ type: v.string(), rig }),
  'rig.forgotten': v.object({ type: v.string(), rig: v.string() }),
  'tank.told': v.object({ type: v.string(), news, at: instant, ...booking }),
};

/** `account.json`: that the account was made, and which file's name says whose turn it is. */
const deedSchema = v.object({ schema: count, turn: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)) });
/** First line of a file of the journal: everything that came before it. */
const headerSchema = v.object({ schema: count, segment: count, seq: count, state });
const lineSchema = v.object({
  v: count,
  seq: count,
  at: instant,
  events: v.array(v.looseObject({ type: v.string() })),
});
/** `holder-<id>.json`: who a holder of the turn is. */
const cardSchema = v.object({ schema: count, ...host, id: v.string() });

export type Deed = v.InferOutput<typeof deedSchema>;
export type Card = v.InferOutput<typeof cardSchema>;
export interface Header {
  readonly schema: number;
  readonly segment: number;
  readonly seq: number;
  readonly state: AccountState;
}
export interface Line {
  readonly seq: number;
  readonly at: Instant;
  readonly events: readonly AccountEvent[];
}

export function deedOf(path: string, bytes: Buffer): Deed {
  return parsed(path, unsealed(path, bytes.subarray(0, -1), 'it'), deedSchema);
}

/** Null: it cannot be read as a card, so nothing is known of the process. */
export function cardOf(bytes: Buffer): Card | null {
  const result = v.safeParse(cardSchema, unseal(bytes.subarray(0, -1)));
  return result.success && result.output.schema <= accountSchema ? result.output : null;
}

export function headerOf(path: string, line: Buffer): Header {
  return parsed(path, unsealed(path, line, 'its first line'), headerSchema) as unknown as Header;
}

export function lineOf(path: string, bytes: Buffer, seq: number): Line {
  const value = unsealed(path, bytes, `the line of number ${String(seq)}`);
  const result = v.safeParse(lineSchema, value);
  if (!result.success) throw damaged(path, v.summarize(result.issues));
  if (result.output.v > eventVersion) throw newerSchema(path, `events of version ${String(result.output.v)}`);
  if (result.output.seq !== seq) {
    throw damaged(path, `number ${String(result.output.seq)} stands where ${String(seq)} should be`);
  }
  const { at, events } = result.output;
  return { seq, at, events: events.map((event) => eventOf(path, event)) };
}

/** What its shape fills in is what an older version did not say. */
function eventOf(path: string, event: { readonly type: string }): AccountEvent {
  if (!Object.hasOwn(shapes, event.type)) throw newerSchema(path, `the event ${event.type}`);
  const result = v.safeParse(shapes[event.type as AccountEvent['type']], event);
  if (!result.success) throw damaged(path, `${event.type}: ${v.summarize(result.issues)}`);
  return result.output as AccountEvent;
}

function unsealed(path: string, bytes: Buffer, what: string): unknown {
  const value = unseal(bytes);
  if (value === undefined) throw damaged(path, `${what} is not what was written`);
  return value;
}

/** Throws AccountError `newer_schema` or `damaged`. */
function parsed<T>(path: string, value: unknown, schema: v.GenericSchema<unknown, T>): T {
  const version = v.safeParse(v.looseObject({ schema: count }), value);
  // Asked before the rest: a newer Rigs may have changed every other member.
  if (version.success && version.output.schema > accountSchema) throw newer(path, version.output.schema);
  const result = v.safeParse(schema, value);
  if (!result.success) throw damaged(path, v.summarize(result.issues));
  return result.output;
}

function newer(path: string, schema: number): AccountError {
  return newerSchema(path, `schema ${String(schema)}, this one knows ${String(accountSchema)}`);
}
