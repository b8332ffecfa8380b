import { access } from 'node:fs/promises';
import path from 'node:path';

/** A repository is a rig once its git directory points to a state folder. */
export async function isAdopted(commonDir: string): Promise<boolean> {
  return access(path.join(commonDir, 'rigs', 'home.json')).then(
    () => true,
    () => false,
  );
}
