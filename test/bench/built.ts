import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../harness/toolchain.mjs';

let building: Promise<string> | null = null;

/** The product's bundles as the sources are now, built once a run; the folder they are in. Says nothing itself. */
export function built(): Promise<string> {
  building ??= promisify(execFile)(process.execPath, [join(root, 'esbuild.config.mjs')]).then(() =>
    join(root, 'dist'),
  );
  return building;
}
