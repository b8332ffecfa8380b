import { access } from 'node:fs/promises';
import path from 'node:path';

/** A repository is a rig once its git directory points to a state folder. Rejects when that cannot be seen. */
export async function isAdopted(commonDir: string): Promise<boolean> {
  try {
    await access(path.join(commonDir, 'rigs', 'home.json'));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
