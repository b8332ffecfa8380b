import { StoreError } from '../ports/store.ts';
import { codeOf } from '../system/errorCode.ts';

/** What went wrong with a rig's memory, with the way to mend it. English for logs; `words/` speaks to people. */

export function damaged(path: string, what: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    path,
    `${path} is damaged: ${what}. Nothing in it was changed. Put a good copy of the file in its place and open the rig again.`,
    { cause },
  );
}

/** What the system would not let be read: another user's, or damage. */
export function unreadable(path: string, cause: unknown): StoreError {
  const code = codeOf(cause);
  if (code !== 'EACCES' && code !== 'EPERM') return damaged(path, 'it cannot be read', cause);
  return new StoreError(
    'not_readable',
    path,
    `${path} may not be read by this user of the computer; another user's Rigs made it. Work as that user, ask them ` +
      'to let you in, or work on a clone of your own. Nothing was changed.',
    { cause },
  );
}

export function newerSchema(path: string, found: string): StoreError {
  return new StoreError(
    'newer_schema',
    path,
    `${path} was written by a newer Rigs (${found}). Update Rigs to open this rig; nothing was changed.`,
  );
}

export function noState(pointer: string, missing: string): StoreError {
  return new StoreError(
    'pointer_leads_nowhere',
    missing,
    `${pointer} says that this rig's state lies in ${missing}, and it is not there. Bring that folder back (a disk ` +
      'that is not mounted, a folder that was cleaned away), open the repository where it was opened first (outside ' +
      'of this container, on the other machine), or start afresh without its history.',
  );
}

export function noRigYet(pointer: string): StoreError {
  return new StoreError(
    'pointer_leads_nowhere',
    pointer,
    `There is no ${pointer}: this repository was never opened as a rig. Open it in the editor first.`,
  );
}

export function copiedRig(pointer: string, original: string): StoreError {
  return new StoreError(
    'pointer_leads_nowhere',
    pointer,
    `This repository is a copy of ${original}, whose state is not its own. Open it in the editor once to give it one.`,
  );
}

export function notWritable(path: string, cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'not_writable',
    path,
    `${path} cannot be written: ${why}. Rigs needs to write there to remember what it does.`,
    { cause },
  );
}

export function readerMayNotWrite(path: string): StoreError {
  return new StoreError('not_writable', path, `${path} was opened to read only.`);
}

export function alreadyClosed(path: string): StoreError {
  return new StoreError('not_writable', path, `${path} was closed.`);
}

export function ownedElsewhere(path: string, pid: number, mayBeGone: boolean): StoreError {
  const mend = mayBeGone
    ? 'That process cannot be seen from here (another container or machine). If it is gone, this rig is free within a minute.'
    : 'Close its window, or work there.';
  return new StoreError('owned_elsewhere', path, `Process ${String(pid)} owns this rig. ${mend}`);
}

export function leaving(path: string, pid: number, freeInMs: number): StoreError {
  return new StoreError(
    'owned_elsewhere',
    path,
    `Process ${String(pid)} owned this rig and agents live in its window, which may be coming back. It is free in ` +
      `${String(Math.ceil(freeInMs / 1000))} s.`,
  );
}

export function fenced(path: string): StoreError {
  return new StoreError(
    'fenced',
    path,
    `Another process owns this rig by now, so nothing was added to ${path}. What was answered before is safe, and the new owner has it.`,
  );
}

export function appendFailed(path: string, cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'append_failed',
    path,
    `${path} could not be written: ${why}. This rig is read-only until it is opened again; what was answered before is safe.`,
    { cause },
  );
}
