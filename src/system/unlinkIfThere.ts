import type { Files } from '../ports/files.ts';
import { codeOf } from './errorCode.ts';

/** Removes a file; one that is not there is no error. */
export async function unlinkIfThere(files: Pick<Files, 'unlink'>, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
