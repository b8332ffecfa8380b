import { basename, join } from 'node:path';
import type { Files } from '../ports/files.ts';

/** How long what was discarded can still be had, in ms. */
export const discardedForMs = 7 * 24 * 3600_000;

const trashName = 'trash';
const stamped = /\.(\d{13,})$/;

interface Discard {
  /** The file that holds from now on what this one held; read and proven by the caller. */
  readonly heldBy: string;
  readonly now: number;
}

/**
 * The one way a file of state goes that nothing reads any more: into the trash of its folder. Rejects, and leaves it,
 * when the file that holds what it held is not there.
 */
export async function discard(
  files: Files,
  folder: string,
  name: string,
  { heldBy, now }: Discard,
): Promise<void> {
  if (!files.stands(heldBy)) throw new Error(`${name} stays: ${basename(heldBy)} is not there.`);
  const trash = join(folder, trashName);
  await files.makeFolder(trash, 0o700);
  await files.rename(join(folder, name), join(trash, `${name}.${String(now)}`));
  await files.syncFolder(trash);
  await files.syncFolder(folder);
}

/** Removes for good what was discarded long enough ago, by the time in its name. */
export async function emptyDiscarded(files: Files, folder: string, now: number): Promise<void> {
  const trash = join(folder, trashName);
  if (!files.stands(trash)) return;
  for (const name of await files.list(trash)) {
    const since = stamped.exec(name)?.[1];
    if (since !== undefined && now - Number(since) >= discardedForMs) await files.unlink(join(trash, name));
  }
}
