import * as v from 'valibot';
import { askId, callId, count, instant, text, threadId } from './fields.ts';
import { personWish } from './wishes.ts';
import { fuelTroubles } from '../ports/desk.ts';
import { wires } from '../ports/models.ts';
import type { Reason } from '../town/reason.ts';
import { readingSources } from '../town/tank.ts';

/**
 * The door's wire protocol: one `POST /v1/<verb>`, JSON in and out, `Authorization: Bearer <token>`. Beside the verbs
 * stand `GET /v1/hello` (proof.ts), `GET /v1/follow` (followMessages.ts), and `POST /v1/run`, a command line as it was
 * typed (commandBody.ts), answered as it is to be printed.
 */
export const protocolVersion = 1;

/** Under which the first segment of a path names the version. */
export const versioned = `/v${String(protocolVersion)}`;

/** `door.json` in the folder that `RIGS_HOME` names; read at every call, because the door may move. */
export const doorFile = v.object({
  version: v.literal(protocolVersion),
  /** `http://127.0.0.1:<port>` */
  address: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  /** Of the owner of the rig's memory: a door of a lower one is an old owner's. */
  epoch: v.number(),
  /** What only the program that wrote this file knows; see `proof.ts`. */
  key: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  /** Of a Unix socket that leads to the same door; null where there is none. Shells read it: nothing in it is escaped. */
  socket: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^\/[\w./-]{1,102}$/))), null),
});
export type DoorFile = v.InferOutput<typeof doorFile>;
/** One that was written before doors had sockets is one without. */
export type WrittenDoor = v.InferInput<typeof doorFile>;

/** What an agent keeps for whoever goes on: some pages. */
const noteText = text(64_000);
const splitDraft = v.strictObject({
  title: text(2_000),
  description: text(200_000),
  criteria: v.pipe(v.array(text(2_000)), v.maxLength(1_000)),
});

/** Names of gauges are the town's; what it does not know it leaves aside. */
const reading = v.strictObject({
  gauge: text(100),
  model: v.nullable(text(200)),
  used: v.nullable(v.number()),
  capacity: v.nullable(v.number()),
  resetsAt: v.nullable(v.number()),
  source: v.picklist(readingSources),
});

export const requests = {
  task: v.strictObject({}),
  done: v.strictObject({ id: callId, summary: text(20_000) }),
  permission: v.strictObject({ ask: askId, tool: text(100), detail: text(20_000) }),
  usage: v.strictObject({
    id: callId,
    usage: v.strictObject({ input: count, cachedInput: count, output: count }),
  }),
  fuel: v.strictObject({
    readings: v.pipe(v.array(reading), v.maxLength(50)),
    trouble: v.nullable(
      v.strictObject({
        kind: v.picklist(fuelTroubles),
        until: v.nullable(instant),
        detail: text(2_000),
      }),
    ),
  }),
  question: v.strictObject({ ask: askId, question: text(20_000) }),
  note: v.strictObject({ id: callId, kind: v.picklist(['note', 'checkpoint']), text: noteText }),
  forgetCheckpoint: v.strictObject({}),
  handOff: v.strictObject({ id: callId, text: noteText }),
  split: v.strictObject({ id: callId, drafts: v.pipe(v.array(splitDraft), v.minLength(1), v.maxLength(50)) }),
  comment: v.strictObject({ id: callId, thread: threadId, words: text(2_000), resolve: v.boolean() }),
  wish: v.strictObject({ id: callId, wish: personWish }),
} as const;
export type Verb = keyof typeof requests;

/** A reason that this Rigs has words for; both ends of a stream are of one version, which its beginning says. */
export const reasonShape = v.custom<Reason>(isReason);

function isReason(given: unknown): given is Reason {
  return v.is(v.object({ code: v.string(), facts: v.record(v.string(), v.unknown()) }), given);
}

const purpose = v.picklist(['begin', 'resume', 'revise', 'remind']);

export const replies = {
  task: v.object({
    agent: v.string(),
    beadId: v.string(),
    title: v.string(),
    purpose,
    worktree: v.string(),
    branch: v.string(),
    frame: v.string(),
    access: v.object({
      provider: v.string(),
      wire: v.picklist(wires),
      model: v.string(),
      baseUrl: v.nullable(v.string()),
      apiKey: v.string(),
    }),
    allowed: v.array(v.string()),
    transcript: v.string(),
  }),
  done: v.object({ accepted: v.boolean(), message: v.string(), goOn: v.boolean() }),
  permission: v.object({ answer: v.picklist(['allow', 'deny']) }),
  usage: v.object({}),
  fuel: v.object({}),
  question: v.object({ reply: v.string() }),
  note: v.object({}),
  forgetCheckpoint: v.object({}),
  handOff: v.object({}),
  split: v.object({ beads: v.array(v.string()) }),
  comment: v.object({}),
  wish: v.variant('ok', [
    /** The number up to which a follower must have heard to see what the wish brought about. */
    v.object({ ok: v.literal(true), seq: v.number() }),
    v.object({ ok: v.literal(false), refusal: reasonShape }),
  ]),
} as const;
export type RequestOf<V extends Verb> = v.InferOutput<(typeof requests)[V]>;
export type ReplyOf<V extends Verb> = v.InferOutput<(typeof replies)[V]>;

/** Any answer that is not 2xx has this body. */
export const failure = v.object({ error: v.object({ reason: v.string(), message: v.string() }) });
