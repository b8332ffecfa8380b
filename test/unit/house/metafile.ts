/** What esbuild wrote down about the bundles in dist/. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { root } from '../../harness/toolchain.mjs';

export type Bundle = {
  readonly bytes: number;
  /** Sources that really went in, each as a path from the root. */
  readonly inputs: readonly string[];
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
};

function isMetafile(value: unknown): value is Metafile {
  return typeof value === 'object' && value !== null && 'outputs' in value;
}

/** The bundles by their file name. */
export async function readBundles(): Promise<ReadonlyMap<string, Bundle>> {
  const text = await readFile(join(root, 'dist', 'meta.json'), 'utf8').catch(() => {
    throw new Error('There are no bundles to look at. Type: npm run build');
  });
  const metafile: unknown = JSON.parse(text);
  if (!isMetafile(metafile)) throw new Error('dist/meta.json is not what esbuild writes.');
  return new Map(
    Object.entries(metafile.outputs).map(([path, { bytes, inputs, imports }]) => {
      const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      return [path.replace(/^dist\//, ''), { bytes, inputs: used.map(([input]) => input), imports }];
    }),
  );
}
