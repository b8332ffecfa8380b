import * as v from 'valibot';
import type { AskId } from '../town/ids.ts';

/** The door's wire protocol: one POST per verb, JSON in and out, `Authorization: Bearer <token>`. */
export const protocolVersion = 1;

/** `door.json` in the folder that `RIGS_HOME` names; read at every call, because the door may move. */
export const doorFile = v.object({
  version: v.literal(protocolVersion),
  /** `http://127.0.0.1:<port>` */
  address: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  epoch: v.number(),
});
export type DoorFile = v.InferOutput<typeof doorFile>;

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const tokens = v.pipe(v.number(), v.integer(), v.minValue(0));
const askId = v.pipe(
  v.string(),
  v.regex(/^ak-[0-9a-z]{5}$/),
  v.transform((id) => id as AskId),
);

export const requests = {
  task: v.strictObject({}),
  done: v.strictObject({ summary: text(20_000) }),
  permission: v.strictObject({ ask: askId, tool: text(100), detail: text(20_000) }),
  usage: v.strictObject({ usage: v.strictObject({ input: tokens, cachedInput: tokens, output: tokens }) }),
  status: v.strictObject({}),
} as const;
export type Verb = keyof typeof requests;

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
  status: v.object({
    rig: v.string(),
    target: v.string(),
    stopped: v.boolean(),
    beads: v.array(
      v.object({
        id: v.string(),
        title: v.string(),
        status: v.string(),
        priority: v.string(),
        polecat: v.nullable(v.string()),
        why: v.string(),
      }),
    ),
    needsYou: v.number(),
  }),
} as const;
export type RequestOf<V extends Verb> = v.InferOutput<(typeof requests)[V]>;
export type ReplyOf<V extends Verb> = v.InferOutput<(typeof replies)[V]>;

/** Any answer that is not 2xx has this body. */
export const failure = v.object({ error: v.object({ reason: v.string(), message: v.string() }) });
