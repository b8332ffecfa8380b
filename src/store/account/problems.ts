import { dirname } from 'node:path';
import { AccountError } from '../../ports/account.ts';

/** What went wrong with the person's account, with the way to mend it. English for logs; `words/` speaks to people. */

export function damaged(path: string, what: string, cause?: unknown): AccountError {
  const mend =
    `Close every window of the editor, move ${dirname(path)} away, and open one again: ` +
    'each rig counts its running agents anew.';
  const message = `${path} is damaged: ${what}. Nothing in it was changed. ${mend}`;
  return new AccountError('damaged', path, message, { cause });
}

export function newerSchema(path: string, found: string): AccountError {
  const message = `${path} was written by a newer Rigs (${found}). Update Rigs in this window; nothing was changed.`;
  return new AccountError('newer_schema', path, message);
}

export function notWritable(path: string, cause: unknown): AccountError {
  const why = `${path} cannot be written: ${messageOf(cause)}.`;
  return new AccountError('not_writable', path, `${why} Rigs needs to write there to share what it does.`, {
    cause,
  });
}

export function appendFailed(path: string, cause: unknown): AccountError {
  const why = `${path} could not be written: ${messageOf(cause)}.`;
  return new AccountError('append_failed', path, `${why} Whether the last step counts is seen at the next.`, {
    cause,
  });
}

export function busy(path: string, pid: number | null): AccountError {
  const who = pid === null ? 'A process that cannot be seen from here' : `Process ${String(pid)}`;
  const message = `${who} works on the account and does not come to an end (${path}). It is passed over within a minute.`;
  return new AccountError('busy', path, message);
}

export function closed(folder: string): AccountError {
  return new AccountError('closed', folder, `${folder} was closed.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
