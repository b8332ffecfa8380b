import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';

/** The real path, also of something that is gone or not there yet: its nearest existing folder decides. */
export async function realPlace(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch (error) {
    const parent = path.dirname(place);
    if (!isMissing(error) || parent === place) throw error;
    return path.join(await realPlace(parent), path.basename(place));
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Whether anything has this name, a dangling link included. */
export async function exists(place: string): Promise<boolean> {
  try {
    await lstat(place);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
