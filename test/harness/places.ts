/** Where the bench leaves things, all of it ignored by git. */
import { join } from 'node:path';
import { root } from './toolchain.mjs';

export const bench = join(root, '.rigs-test');
export const vsixPath = join(bench, 'rigs.vsix');
export const screenshots = join(bench, 'screenshots');
export const hostBundles = join(bench, 'host');
