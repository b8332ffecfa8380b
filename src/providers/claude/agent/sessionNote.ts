import path from 'node:path';
import * as v from 'valibot';
import type { AgentMode } from '../../../ports/agents.ts';
import { writeDurably } from '../../../system/durableFile.ts';
import { readIfThere } from '../../../system/readIfThere.ts';
import { parsed } from './parsed.ts';

const note = v.object({
  /** The vendor's id, known before the session begins because Rigs draws it. */
  conversation: v.pipe(v.string(), v.uuid()),
  startedAt: v.number(),
  /** The person's configuration: where transcripts and answers to dialogs are kept. */
  home: v.string(),
  /** File with what the person answered once and for all. */
  answers: v.string(),
  mode: v.picklist<readonly AgentMode[]>(['ask', 'edits', 'bypass']),
  /** A key of the environment stands in the way until the person approved it. */
  asksForKey: v.boolean(),
});

/** What whoever watches a session must know of how it was started, in another window perhaps. */
export type SessionNote = Readonly<v.InferOutput<typeof note>>;

const name = 'claude-code.json';

export async function writeNote(folder: string, written: SessionNote): Promise<void> {
  await writeDurably(path.join(folder, name), `${JSON.stringify(written)}\n`, { mode: 0o600 });
}

/** Null when there is none that can be read: this vendor started nothing here. */
export async function readNote(folder: string): Promise<SessionNote | null> {
  const text = await readIfThere(path.join(folder, name));
  const read = v.safeParse(note, text === null ? null : parsed(text));
  return read.success ? read.output : null;
}
