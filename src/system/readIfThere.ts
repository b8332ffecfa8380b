import { readFile } from 'node:fs/promises';
import { codeOf } from './errorCode.ts';

/** A file's text; null only when there is no such file. Everything else that prevents reading it throws. */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
