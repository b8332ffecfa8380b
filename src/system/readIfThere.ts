import type { Files } from '../ports/files.ts';
import { codeOf } from './errorCode.ts';
import { realFiles } from './realFiles.ts';

/** A file's text; null only when there is no such file. Everything else that prevents reading it throws. */
export async function readIfThere(file: string): Promise<string | null> {
  return (await bytesIfThere(file))?.toString() ?? null;
}

/** A file's bytes, likewise. */
export async function bytesIfThere(
  file: string,
  files: Pick<Files, 'read'> = realFiles,
): Promise<Buffer | null> {
  try {
    return await files.read(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
