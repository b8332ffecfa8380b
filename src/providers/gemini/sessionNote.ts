import { readIfThere } from '../../system/readIfThere.ts';
import type { Instant, Token } from '../../town/ids.ts';
import { jsonOf, textOf } from './json.ts';

/** What was known when a session was started, for whoever watches it; its watcher may be another window by then. */
export interface SessionNote {
  readonly token: Token;
  readonly since: Instant;
  /** Where the answer will stand when the program asks whether it may trust the worktree; null: it does not ask. */
  readonly trustIn: string | null;
  /** The program will ask how to log in. */
  readonly asksLogin: boolean;
}

export function printNote(note: SessionNote): string {
  return JSON.stringify(note);
}

/** Null: there is none, or it is of another session. */
export async function readNote(file: string, token: Token): Promise<SessionNote | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  const { since, trustIn, asksLogin, ...rest } = jsonOf(JSON.parse(text));
  if (rest['token'] !== token || typeof since !== 'number') return null;
  return { token, since, trustIn: textOf(trustIn), asksLogin: asksLogin === true };
}
