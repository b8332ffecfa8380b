import path from 'node:path';
import * as v from 'valibot';
import type { Files } from '../ports/files.ts';
import { createDurably } from '../system/durableFile.ts';
import { realFiles } from '../system/realFiles.ts';
import { call } from './client.ts';
import type { CallOptions } from './client.ts';
import { DoorError } from './doorError.ts';
import { stateFolderOf } from './home.ts';
import { type ReplyOf, type RequestOf, requests } from './protocol.ts';
import { sealWith } from './tokens.ts';

/** Verbs whose word is kept when nobody answers, because what an agent reached must not be lost. */
export type KeptVerb = 'done' | 'usage';

/**
 * A call as it is kept: `<state folder>/spool/outbox/<instant>-<id>.json`. What was said is one text, so that the
 * seal (`tokens.ts`) is over exactly these bytes; the secret itself is not in it.
 */
export const keptFile = v.object({ version: v.literal(1), said: v.string(), seal: v.string() });
export const keptCall = v.variant('verb', [
  v.object({ verb: v.literal('done'), at: v.number(), body: requests.done }),
  v.object({ verb: v.literal('usage'), at: v.number(), body: requests.usage }),
]);
export type KeptCall = v.InferOutput<typeof keptCall>;

export function outboxOf(home: string): string {
  return path.join(stateFolderOf(home), 'spool', 'outbox');
}

/** `kept`: nobody answered; it is on disk and will be taken up at the next start. */
export type Reported<V extends KeptVerb> =
  { readonly kept: false; readonly reply: ReplyOf<V> } | { readonly kept: true };

/** Asks at the door; what nobody takes within the call's patience is kept instead. Throws `DoorError`. */
export async function report<V extends KeptVerb>(
  home: string,
  token: string,
  verb: V,
  body: RequestOf<V>,
  options: CallOptions & { readonly files?: Files; readonly now?: () => number } = {},
): Promise<Reported<V>> {
  try {
    return { kept: false, reply: await call(home, token, verb, body, options) };
  } catch (error) {
    if (!(error instanceof DoorError) || error.reason !== 'unreachable') throw error;
  }
  const { files = realFiles, now = Date.now } = options;
  await keep(outboxOf(home), token, { verb, at: now(), body }, files);
  return { kept: true };
}

/** Resolves once it would survive a power cut. */
async function keep(
  outbox: string,
  token: string,
  kept: { readonly verb: KeptVerb; readonly at: number; readonly body: { readonly id: string } },
  files: Files,
): Promise<void> {
  const said = JSON.stringify(kept);
  await files.makeFolder(outbox, 0o700);
  const name = `${String(kept.at).padStart(15, '0')}-${kept.body.id}.json`;
  const text = `${JSON.stringify({ version: 1, said, seal: sealWith(token, said) })}\n`;
  await createDurably(path.join(outbox, name), text, { mode: 0o600, files });
}
