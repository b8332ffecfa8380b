/** Where the bench leaves things, all of it ignored by git. */
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { cache, root } from './toolchain.mjs';

export const bench = join(root, '.rigs-test');
/**
 * For what must not lie below a temporary folder, of which vendors' sandboxes think otherwise; a checkout may lie there
 * itself.
 */
export const outsideTemp = ['/tmp', tmpdir()].some(holdsRoot) ? join(cache, 'tests') : bench;

function holdsRoot(folder: string): boolean {
  return existsSync(folder) && !relative(realpathSync(folder), realpathSync(root)).startsWith('..');
}

export const vsixPath = join(bench, 'rigs.vsix');
export const screenshots = join(bench, 'screenshots');
export const hostBundles = join(bench, 'host');
