import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errorCode.ts';

export interface DurableOptions {
  /** Permission bits of the new file. */
  readonly mode?: number;
}

/**
 * Replaces a file in one step: a reader finds the old or the new content, never a part, also after a power cut.
 * The folder must exist.
 */
export async function writeDurably(
  file: string,
  data: string | Uint8Array,
  options: DurableOptions = {},
): Promise<void> {
  const draft = await writeDraft(file, data, options);
  try {
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/** Creates a file with its whole content, or says false when it is there already: a claim only one can win. */
export async function createDurably(
  file: string,
  data: string | Uint8Array,
  options: DurableOptions = {},
): Promise<boolean> {
  // Not an exclusive open of `file` itself: a crash before the write would leave an empty claim.
  const draft = await writeDraft(file, data, options);
  try {
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(path.dirname(file));
  return true;
}

/** The end of a draft's name; who reads a folder skips these. */
export const draftSuffix = '.draft';

async function writeDraft(
  file: string,
  data: string | Uint8Array,
  { mode = 0o666 }: DurableOptions,
): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}${draftSuffix}`;
  const handle = await open(draft, 'wx', mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** A new name survives a power cut only once its folder is on disk. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
