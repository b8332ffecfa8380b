import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './toolchain.mjs';

/** The test files of a folder, in a fixed order. */
export async function testFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const file of glob(`${folder}/**/*.test.ts`, { cwd: root })) found.push(join(root, file));
  return found.sort();
}
