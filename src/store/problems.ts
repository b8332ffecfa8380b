import { StoreError } from '../ports/store.ts';

/** What went wrong with a rig's memory, with the way to mend it. English for logs; `words/` speaks to people. */

export function damaged(path: string, what: string, cause?: unknown): StoreError {
  return new StoreError(
    'damaged',
    path,
    `${path} is damaged: ${what}. Nothing in it was changed. Put a good copy of the file in its place and open the rig again.`,
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
      `that is not mounted, a folder that was cleaned away), or remove ${pointer} to start this rig anew without its history.`,
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
    ? `That process lives in another container and cannot be seen from here. If it is gone, remove ${path}.`
    : 'Close its window, or work there.';
  return new StoreError('owned_elsewhere', path, `Process ${String(pid)} owns this rig. ${mend}`);
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
