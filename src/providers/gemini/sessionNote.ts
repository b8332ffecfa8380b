import { readIfThere } from '../../system/readIfThere.ts';
import type { Instant, Token } from '../../town/ids.ts';
import { jsonOf } from './json.ts';

/** What was known when a session was started, for whoever watches it; its watcher may be another window by then. */
export interface SessionNote {
  readonly token: Token;
  readonly since: Instant;
  /** The program will ask whether it may trust the worktree. */
  readonly asksTrust: boolean;
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
  const { since, asksTrust, asksLogin, ...rest } = jsonOf(JSON.parse(text));
  if (rest['token'] !== token || typeof since !== 'number') return null;
  return { token, since, asksTrust: asksTrust === true, asksLogin: asksLogin === true };
}
