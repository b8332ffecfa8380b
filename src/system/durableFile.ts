import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Files } from '../ports/files.ts';
import { codeOf } from './errorCode.ts';
import { realFiles } from './realFiles.ts';
import { unlinkIfThere } from './unlinkIfThere.ts';

export interface DurableOptions {
  /** Permission bits of the new file. */
  readonly mode?: number;
  /** The file system; the machine's own when not given. */
  readonly files?: Files;
}

/**
 * Replaces a file in one step: a reader finds the old or the new content, never a part, also after a power cut.
 * The folder must exist.
 */
export async function writeDurably(
  file: string,
  data: string | Uint8Array,
  { mode = 0o666, files = realFiles }: DurableOptions = {},
): Promise<void> {
  const draft = await writeDraft(files, file, data, mode);
  try {
    await files.rename(draft, file);
  } catch (error) {
    await unlinkIfThere(files, draft);
    throw error;
  }
  await files.syncFolder(path.dirname(file));
}

/** Creates a file with its whole content, or says false when it is there already: a claim only one can win. */
export async function createDurably(
  file: string,
  data: string | Uint8Array,
  { mode = 0o666, files = realFiles }: DurableOptions = {},
): Promise<boolean> {
  // Not an exclusive creation of `file` itself: a crash before the write would leave an empty claim.
  const draft = await writeDraft(files, file, data, mode);
  try {
    await files.link(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlinkIfThere(files, draft);
  }
  await files.syncFolder(path.dirname(file));
  return true;
}

/** The end of a draft's name; who reads a folder skips these. */
export const draftSuffix = '.draft';

async function writeDraft(
  files: Files,
  file: string,
  data: string | Uint8Array,
  mode: number,
): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}${draftSuffix}`;
  try {
    await files.create(draft, data, mode);
    await files.sync(draft);
  } catch (error) {
    // Half of it would keep a full disk full. Where it cannot be removed either, the first error says why.
    await unlinkIfThere(files, draft).catch(() => undefined);
    throw error;
  }
  return draft;
}
