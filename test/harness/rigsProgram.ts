/** The `rigs` command as a window would have installed it for its agents. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installBin } from '../../src/cli/bin.ts';
import type { RigsProgram } from '../../src/providers/vendor.ts';
import { bench } from './places.ts';
import { root } from './toolchain.mjs';

export async function rigsProgram(): Promise<RigsProgram> {
  const folder = join(bench, 'agent-bin');
  await mkdir(bench, { recursive: true });
  return installBin(folder, { execPath: process.execPath, nodeEnv: {}, distFolder: join(root, 'dist') });
}
