import path from 'node:path';
import * as v from 'valibot';
import type { Files } from '../ports/files.ts';
import { createDurably } from '../system/durableFile.ts';
import { realFiles } from '../system/realFiles.ts';
import type { BeadDraft } from '../town/bead.ts';
import { call } from './client.ts';
import type { CallOptions } from './client.ts';
import { DoorError } from './doorError.ts';
import { callId } from './fields.ts';
import { stateFolderOf } from './home.ts';
import { type ReplyOf, type RequestOf, requests } from './protocol.ts';
import { sealWith } from './tokens.ts';
import { beadDraft } from './wishes.ts';

/**
 * Verbs whose word is kept when nobody answers, because what an agent reached must not be lost. An agent's new bead is
 * a `split` with one draft.
 */
export type KeptVerb = 'done' | 'usage' | 'note' | 'handOff' | 'split';

/**
 * A call as it is kept: `<state folder>/spool/outbox/<instant>-<id>.json`. What was said is one text, so that the
 * seal (`tokens.ts`) is over exactly these bytes; the secret itself is not in it.
 */
export const keptFile = v.object({ version: v.literal(1), said: v.string(), seal: v.string() });
export const keptCall = v.variant('verb', [
  v.object({ verb: v.literal('done'), at: v.number(), body: requests.done }),
  v.object({ verb: v.literal('usage'), at: v.number(), body: requests.usage }),
  v.object({ verb: v.literal('note'), at: v.number(), body: requests.note }),
  v.object({ verb: v.literal('handOff'), at: v.number(), body: requests.handOff }),
  v.object({ verb: v.literal('split'), at: v.number(), body: requests.split }),
  /** A bead of a person's own; at the door it is a wish like others. */
  v.object({
    verb: v.literal('create'),
    at: v.number(),
    body: v.strictObject({ id: callId, draft: beadDraft }),
  }),
]);
export type KeptCall = v.InferOutput<typeof keptCall>;

export function outboxOf(home: string): string {
  return path.join(stateFolderOf(home), 'spool', 'outbox');
}

/** Said again later, it would be said again: everything else is no answer, whatever kept the door from giving one. */
const answers: readonly string[] = [
  'late',
  'unknown',
  'invalid',
  'unauthorized',
  'forbidden',
  'not_json',
  'too_large',
];

/** Whether the door decided; after everything else, what an agent reached is kept. */
export function isAnswer(error: unknown): error is DoorError {
  return error instanceof DoorError && answers.includes(error.reason);
}

/** As the reason of an abort: whoever waits has to end now, and what they were saying is kept. */
export class Leaving extends Error {
  readonly reason = 'leaving';

  constructor() {
    super('This program ends.');
    this.name = 'Leaving';
  }
}

/** `kept`: nobody answered; it is on disk and will be taken up at the next start. */
export type Reported<V extends KeptVerb> =
  { readonly kept: false; readonly reply: ReplyOf<V> } | { readonly kept: true };

/**
 * Asks at the door; what nobody takes within the call's patience is kept instead, and so is what is aborted with
 * `Leaving`. Throws `DoorError`: the door's refusal, or `not_kept` when there is no room for it on disk either.
 */
export async function report<V extends KeptVerb>(
  home: string,
  token: string,
  verb: V,
  body: RequestOf<V>,
  options: CallOptions & KeepOptions = {},
): Promise<Reported<V>> {
  try {
    return { kept: false, reply: await call(home, token, verb, body, options) };
  } catch (error) {
    if (!(options.signal?.reason instanceof Leaving)) options.signal?.throwIfAborted();
    if (isAnswer(error)) throw error;
  }
  await keep(home, token, { verb, body }, options);
  return { kept: true };
}

/** A bead that a person made while nobody answered. `token` is the person's. Throws `DoorError` `not_kept`. */
export async function keepCreate(
  home: string,
  token: string,
  body: { readonly id: string; readonly draft: BeadDraft },
  options: KeepOptions = {},
): Promise<void> {
  await keep(home, token, { verb: 'create', body }, options);
}

interface KeepOptions {
  readonly files?: Files;
  readonly now?: () => number;
}

const notKept = 'The window that runs this rig does not answer, and the report could not be kept for it.';

async function keep(
  home: string,
  token: string,
  { verb, body }: { readonly verb: KeptCall['verb']; readonly body: { readonly id: string } },
  { files = realFiles, now = Date.now }: KeepOptions,
): Promise<void> {
  try {
    await write(outboxOf(home), token, { verb, at: now(), body }, files);
  } catch (cause) {
    throw new DoorError('not_kept', notKept, { cause });
  }
}

/** Resolves once it would survive a power cut. */
async function write(
  outbox: string,
  token: string,
  kept: { readonly verb: string; readonly at: number; readonly body: { readonly id: string } },
  files: Files,
): Promise<void> {
  const said = JSON.stringify(kept);
  await files.makeFolder(outbox, 0o700);
  const name = `${String(kept.at).padStart(15, '0')}-${kept.body.id}.json`;
  const text = `${JSON.stringify({ version: 1, said, seal: sealWith(token, said) })}\n`;
  await createDurably(path.join(outbox, name), text, { mode: 0o600, files });
}
