import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { programs, vendors } from '../../../esbuild.config.mjs';
import { root } from '../../harness/toolchain.mjs';
import { built } from '../built.ts';
import { type Measurement, figure } from '../figure.ts';
import { inTurns } from '../ratio.ts';

/** What an extension usually ships: everything that can run in the host in one file, minified as the product is. */
async function buildAllInOne(outfile: string): Promise<void> {
  const modules = [`./${programs['extension'] ?? ''}`, ...Object.keys(vendors), 'simple-git'];
  const imports = modules.map((one, at) => `import * as part${String(at)} from '${one}';`);
  const names = modules.map((_, at) => `part${String(at)}`).join(', ');
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `export * from './${programs['loader'] ?? ''}';\n${imports.join('\n')}\nexport const parts = [${names}];`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logLevel: 'error',
  });
}

async function requireMs(bundle: string): Promise<number> {
  const script = join(root, 'test', 'bench', 'requireTime.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, bundle]);
  return Number.parseFloat(stdout);
}

async function measure(): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'rigs-bench-'));
  try {
    const loader = join(await built(), 'loader.cjs');
    const allInOne = join(folder, 'all.cjs');
    await buildAllInOne(allInOne);
    const { subjectMs, baselineMs, runs } = await inTurns({
      subject: () => requireMs(loader),
      baseline: () => requireMs(allInOne),
      warmUp: 2,
      rounds: 21,
    });
    return { value: subjectMs / baselineMs, baseline: baselineMs, runs };
  } finally {
    await rm(folder, { recursive: true });
  }
}

figure({
  name: 'bundle.loader',
  unit: 'x',
  target: 1 / 6,
  against: 'require of an all-in-one bundle, ms',
  measure,
});
