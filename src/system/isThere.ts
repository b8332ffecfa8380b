import { stat } from 'node:fs/promises';
import { codeOf } from './errorCode.ts';

/** Whether a path leads to something. What prevents looking throws. */
export async function isThere(place: string): Promise<boolean> {
  try {
    await stat(place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
