import { deepEqual, ok } from 'node:assert/strict';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type initSqlJs from 'sql.js';
import { copies, present, programs, vendors, webviews } from '../../../esbuild.config.mjs';
import { makeOffThread } from '../../../src/store/offThread.ts';
import { openSqliteTables } from '../../../src/store/projection.ts';
import { rigId } from '../../fakes/events.ts';
import { createSegment } from '../../../src/store/segment.ts';
import type { Checksums } from '../../../src/store/tables.ts';
import { realFiles } from '../../../src/system/realFiles.ts';
import { root } from '../../harness/toolchain.mjs';
import { readBundles } from './metafile.ts';
import type { Bundle } from './metafile.ts';

const kibibyte = 1024;
const vendorFiles = Object.values(vendors).map(({ file }) => file);

/** What may never be inside which bundle. What no program needs is listed once, under `every`. */
const foreign: Readonly<Record<string, RegExp>> = {
  every:
    /^test\/|node_modules\/(@types|typescript|esbuild|mocha|@anthropic-ai|openai|@google|google-auth-library|protobufjs|ws|sql\.js|@vscode)\//,
  'loader.cjs': /node_modules\/|^src\/(git|store|providers|assayer|foreman|gateway|worker|cli|webview)\//,
  // What a command does is done where the rig's owner is; what its own process does is not.
  'extension.cjs': /^src\/(cli\/(main|hookMain|client\/)|worker|webview)/,
  'worker.cjs': /^src\/(vscode|foreman|assayer|store|git|webview|cli)\//,
  'snapshot.cjs': /^src\/(vscode|foreman|assayer|git|webview|cli|worker|providers|gateway|words)\//,
  'shim.cjs': /node_modules\/|^src\/(vscode|foreman|assayer|store|git|webview|cli|providers)\//,
  'broker.cjs': /node_modules\/|^src\/(?!git\/|ports\/|system\/)/,
  'rehearsal.cjs': /^src\/(vscode|foreman|assayer|store|git|webview|cli|worker)\//,
  // Of git only what `rigs init --git` needs.
  'cli.cjs':
    /^src\/(vscode|foreman|assayer|git\/(?!(makeRepository|run|running|brokered|environment)\.)|webview|worker|providers)\//,
  'mcp.cjs': /^src\/(vscode|foreman|assayer|store|git|webview|cli|worker|providers)\//,
  'feed.js': /^src\/(?!webview|vscode\/messages)/,
  'queue.js': /^src\/(?!webview|vscode\/messages)/,
};

describe('The bundles', () => {
  let bundles: ReadonlyMap<string, Bundle>;

  before(async () => {
    bundles = await readBundles();
  });

  it('are all there, and no others', async () => {
    const expected = [
      ...Object.keys(await present(programs)).map((name) => `${name}.cjs`),
      ...Object.keys(await present(webviews)),
      ...vendorFiles,
    ];
    deepEqual([...bundles.keys()].filter((name) => !name.endsWith('.map')).sort(), expected.sort());
    for (const name of Object.keys(copies)) await access(join(root, 'dist', name));
  });

  it('keep the activated entry at 40 KiB at most', () => {
    const loader = bundles.get('loader.cjs');
    if (loader) ok(loader.bytes <= 40 * kibibyte, `the loader has ${String(loader.bytes)} bytes`);
  });

  it('swallow nothing that is not theirs', () => {
    const swallowed = [...bundles]
      .filter(([name]) => !vendorFiles.includes(name))
      .flatMap(([name, { inputs }]) =>
        inputs
          .filter((input) => [foreign['every'], foreign[name]].some((pattern) => pattern?.test(input)))
          .map((input) => `${name}: ${input}`),
      );
    deepEqual(swallowed, []);
  });

  it('leave the heavy ones to the moment they are needed', () => {
    const early = [...bundles].flatMap(([name, { imports }]) =>
      imports
        .filter(({ path, kind }) => path.startsWith('./') && kind !== 'dynamic-import')
        .map(({ path, kind }) => `${name}: ${kind} of ${path}`),
    );
    deepEqual(early, []);
  });

  it('need nothing that is not in the VSIX', () => {
    const missing = [...bundles].flatMap(([name, { imports }]) =>
      imports
        .filter(({ path }) => path !== 'vscode' && !isBuiltin(path) && !bundles.has(path.replace('./', '')))
        .map(({ path }) => `${name}: ${path}`),
    );
    deepEqual(missing, []);
  });
});

describe('The bundle of the thread that makes snapshots', () => {
  it('makes one of a journal, with the database beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rigs-bundle-'));
    const place = { files: realFiles, folder };
    for (const [number, after] of [
      [1, 0],
      [2, 0],
    ] as const) {
      await createSegment(place, { segment: number, after, epoch: 1, previous: number - 1 });
    }
    const { checksums } = await empty();
    const order = { folder, rig: rigId, epoch: 1, seq: 0, segment: 2, checksums };
    await makeOffThread(order, join(root, 'dist', 'snapshot.cjs'));
    deepEqual((await readdir(folder)).filter((name) => name.startsWith('snapshot')).sort(), [
      'snapshot-0.json',
      'snapshot-0.sqlite',
    ]);
    await rm(folder, { recursive: true });
  });
});

async function empty(): Promise<{ readonly checksums: Checksums }> {
  const tables = await openSqliteTables(null);
  const checksums = tables.checksums();
  tables.close();
  return { checksums };
}

describe('The bundles of vendors', () => {
  const dist = (file: string): string => join(root, 'dist', file);

  it('hold a database that finds its wasm beside it', async () => {
    const initialise = createRequire(import.meta.url)(dist('sql.cjs')) as typeof initSqlJs;
    const sql = await initialise();
    deepEqual(new sql.Database().exec('select 6 * 7 as answer'), [{ columns: ['answer'], values: [[42]] }]);
  });

  const sdks: readonly (readonly [string, () => Promise<object>])[] = [
    ['anthropic.mjs', () => import('@anthropic-ai/sdk')],
    ['openai.mjs', () => import('openai')],
    ['genai.cjs', () => import('@google/genai')],
  ];
  for (const [file, inPackage] of sdks)
    it(`hold an SDK with all that its package has: ${file}`, async () => {
      const bundled = (await import(pathToFileURL(dist(file)).href)) as object;
      const missing = Object.keys(await inPackage()).filter((name) => !(name in bundled));
      deepEqual(missing, []);
    });
});
