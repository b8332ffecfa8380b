import path from 'node:path';
import { writeDurably } from '../../system/durableFile.ts';
import { readIfThere } from '../../system/readIfThere.ts';
import type { Instant } from '../../town/ids.ts';
import { fieldsOf, numberOf, textOf } from './json.ts';

/** What whoever watches a session must know of how it was started, in another window perhaps. */
export interface SessionNote {
  readonly startedAt: Instant;
  readonly program: string;
  /** The person's `CODEX_HOME`. */
  readonly home: string;
  /** It needs no login of Codex: its arguments name another provider. */
  readonly ownProvider: boolean;
  /** Reviews its hooks need; none when it runs them without. */
  readonly reviews: readonly { readonly key: string; readonly hash: string }[];
}

const name = 'codex.json';

export async function writeNote(folder: string, note: SessionNote): Promise<void> {
  await writeDurably(path.join(folder, name), `${JSON.stringify(note)}\n`, { mode: 0o600 });
}

/** Null when there is none that can be read: the session was not started by this vendor. */
export async function readNote(folder: string): Promise<SessionNote | null> {
  const text = await readIfThere(path.join(folder, name));
  return text === null ? null : noteIn(text);
}

function noteIn(text: string): SessionNote | null {
  let fields;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const { startedAt, program, home, ownProvider, reviews } = fields;
  const at = numberOf(startedAt);
  if (at === null || typeof program !== 'string' || typeof home !== 'string') return null;
  const pairs = (Array.isArray(reviews) ? reviews : []).flatMap((one: unknown) => {
    const [key, hash] = [textOf(fieldsOf(one)['key']), textOf(fieldsOf(one)['hash'])];
    return key === null || hash === null ? [] : [{ key, hash }];
  });
  return { startedAt: at, program, home, ownProvider: ownProvider === true, reviews: pairs };
}
