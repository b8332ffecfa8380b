import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { MergeRequest } from '../../town/mergeRequest.ts';
import { requestResults } from './requestResults.ts';

/**
 * Absolute path of a result's output; null when there is none, when it is gone, or when it would lie outside the
 * rig's state folder (links resolved).
 */
export async function outputFile(
  folder: string,
  request: MergeRequest | undefined,
  index: number,
): Promise<string | null> {
  const file = request === undefined ? null : (requestResults(request)[index]?.outputFile ?? null);
  if (file === null) return null;
  const [inside, found] = await Promise.all([existing(folder), existing(resolve(folder, file))]);
  if (inside === null || found === null) return null;
  const way = relative(inside, found);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : found;
}

async function existing(path: string): Promise<string | null> {
  return realpath(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null;
    throw error;
  });
}
