import type { Files } from '../../ports/files.ts';
import { codeOf } from '../../system/errorCode.ts';

/** Removes a file that another may have removed. */
export async function unlinkIfThere(files: Files, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
