import { chmod, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';

const own = 0o700;

/** Lets the owner change every folder below a place, so that what stands in it can be taken away. Follows no link. */
export async function loosen(place: string): Promise<void> {
  const { mode } = await lstat(place);
  if ((mode & own) !== own && !(await allowed(place, mode | own))) return;
  for (const entry of await readdir(place, { withFileTypes: true })) {
    if (entry.isDirectory()) await loosen(path.join(place, entry.name));
  }
}

/** False for a folder of another user: whoever has to remove it will say so. */
async function allowed(place: string, mode: number): Promise<boolean> {
  try {
    await chmod(place, mode & 0o7777);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EPERM') return false;
    throw error;
  }
}
