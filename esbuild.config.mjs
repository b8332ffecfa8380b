/**
 * Bundles the product into dist/. What is heavy and not always needed (an SDK, sql.js) is a bundle of its own: one
 * CommonJS file is parsed whole, even where it hides a part behind `import()`.
 */
import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** While the house is being built, an entry nobody wrote yet is skipped aloud; once all exist, that is an error. */
export const everyEntryExists = true;

const root = import.meta.dirname;
const dist = join(root, 'dist');

/** Programs: bundle name → source. */
export const programs = {
  loader: 'src/vscode/loader.ts',
  extension: 'src/vscode/extension.ts',
  worker: 'src/worker/main.ts',
  shim: 'src/worker/shim.ts',
  thenDone: 'src/worker/thenDone.ts',
  broker: 'src/git/broker.ts',
  snapshot: 'src/store/snapshotWorker.ts',
  rehearsal: 'src/providers/rehearsal/main.ts',
  cli: 'src/cli/main.ts',
  mcp: 'src/mcp/main.ts',
  hook: 'src/cli/hookMain.ts',
};
/** Browser code: bundle name → source. */
export const webviews = {
  'feed.js': 'src/webview/feed.ts',
  'feed.css': 'src/webview/feed.css',
  'queue.js': 'src/webview/queue.ts',
  'queue.css': 'src/webview/queue.css',
};
/**
 * Packages that become bundles of their own. A CommonJS package stays CommonJS: its default export is the same; so does
 * an ES module that is built on some.
 */
export const vendors = {
  'sql.js': { file: 'sql.cjs', format: 'cjs' },
  '@anthropic-ai/sdk': { file: 'anthropic.mjs', format: 'esm' },
  openai: { file: 'openai.mjs', format: 'esm' },
  '@google/genai': { file: 'genai.cjs', format: 'cjs' },
};
/** Files used as they are: name in dist/ → source. */
export const copies = {
  'planner.prompt.md': 'src/assayer/planner.prompt.md',
  'optimizer.prompt.md': 'src/assayer/optimizer.prompt.md',
  'estimator.prompt.md': 'src/assayer/estimator.prompt.md',
  'inspector.prompt.md': 'src/assayer/inspector.prompt.md',
  'shim.sh': 'src/worker/shim.sh',
  'rigs.sh': 'src/cli/rigs.sh',
  'sql-wasm.wasm': 'node_modules/sql.js/dist/sql-wasm.wasm',
  'codicon.css': 'node_modules/@vscode/codicons/dist/codicon.css',
  'codicon.ttf': 'node_modules/@vscode/codicons/dist/codicon.ttf',
};

const exists = (path) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** The entries that are there, by output name. */
export async function present(entries) {
  const found = {};
  for (const [name, source] of Object.entries(entries)) {
    if (await exists(join(root, source))) found[name] = source;
    else if (everyEntryExists) throw new Error(`${source}, the entry of dist/${name}, is missing.`);
    else console.log(`  (no ${source} yet: ${name} is left out)`);
  }
  return found;
}

/** Sources write `await import('sql.js')` and `await import('./extension.ts')`; the product finds bundles there. */
const bundlesOfTheirOwn = {
  name: 'bundles-of-their-own',
  setup({ onResolve }) {
    onResolve({ filter: /^[^.]/ }, ({ path }) =>
      Object.hasOwn(vendors, path) ? { path: `./${vendors[path].file}`, external: true } : undefined,
    );
    onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      const name = Object.keys(programs).find((program) => programs[program] === source);
      return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
    });
  },
};

function options(development) {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: !development,
    sourcemap: development ? 'linked' : false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** What `ws` would like to have and does without. */
const withoutAddons = {
  'process.env.WS_NO_BUFFER_UTIL': '"1"',
  'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
};

/** Node 22 is what the oldest supported VS Code runs extensions on. */
const forNode = { platform: 'node', target: 'node22' };

async function bundle(development) {
  const shared = options(development);
  const entries = Object.entries(await present(programs));
  const pages = Object.entries(await present(webviews));
  const builds = [
    build({
      ...shared,
      ...forNode,
      format: 'cjs',
      entryPoints: entries.map(([out, source]) => ({ in: source, out })),
      outdir: dist,
      outExtension: { '.js': '.cjs' },
      external: ['vscode'],
      define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
      plugins: [bundlesOfTheirOwn],
    }),
    build({
      ...shared,
      platform: 'browser',
      target: 'chrome128',
      format: 'iife',
      entryPoints: pages.map(([out, source]) => ({ in: source, out: out.replace(/\.\w+$/, '') })),
      outdir: dist,
      tsconfig: join(root, 'src/webview/tsconfig.json'),
    }),
    ...Object.entries(vendors).map(([name, { file, format }]) =>
      build({
        ...shared,
        ...forNode,
        format,
        entryPoints: [name],
        outfile: join(dist, file),
        define: withoutAddons,
      }),
    ),
  ];
  return (await Promise.all(builds)).map(({ metafile }) => metafile);
}

/** One metafile for all bundles; it is what the tests of the bundles read. */
function merged(metafiles) {
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
}

async function removeOthers(kept) {
  for (const name of await readdir(dist))
    if (!kept.has(name)) await rm(join(dist, name), { recursive: true });
}

async function main() {
  const { values } = parseArgs({ options: { dev: { type: 'boolean', default: false } } });
  await mkdir(dist, { recursive: true });
  const metafile = merged(await bundle(values.dev));
  await Promise.all(
    Object.entries(copies).map(([name, source]) => copyFile(join(root, source), join(dist, name))),
  );
  await writeFile(join(dist, 'meta.json'), JSON.stringify(metafile));
  const outputs = Object.entries(metafile.outputs);
  // Replaced in place and tidied afterwards, so that a run that reads dist/ meanwhile never finds it empty.
  await removeOthers(
    new Set([...outputs.map(([path]) => path.slice('dist/'.length)), ...Object.keys(copies), 'meta.json']),
  );
  for (const [path, { bytes }] of outputs) {
    if (!path.endsWith('.map'))
      console.log(`  ${path.padEnd(24)} ${(bytes / 1024).toFixed(1).padStart(8)} KiB`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error) => {
    // esbuild has said already, and better, what does not build.
    if (!Array.isArray(error.errors)) console.error(error);
    process.exitCode = 1;
  });
}
