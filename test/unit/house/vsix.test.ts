import { deepEqual, ok } from 'node:assert/strict';
import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copies, present, programs, vendors, webviews } from '../../../esbuild.config.mjs';
import { vsixPath } from '../../harness/places.ts';
import { root } from '../../harness/toolchain.mjs';
import { zipEntries } from './zip.ts';

/** What stands beside the code, and the name vsce gives it. What is not written yet is not packaged yet. */
const documents: Readonly<Record<string, string>> = {
  LICENSE: 'LICENSE.txt',
  'README.md': 'readme.md',
  'CHANGELOG.md': 'changelog.md',
  'package.nls.json': 'package.nls.json',
};

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
}

async function expected(): Promise<readonly string[]> {
  const there: string[] = [];
  for (const [source, name] of Object.entries(documents)) {
    if (
      await access(join(root, source)).then(
        () => true,
        () => false,
      )
    )
      there.push(name);
  }
  const bundles = [
    ...Object.keys(await present(programs)).map((name) => `${name}.cjs`),
    ...Object.keys(await present(webviews)),
    ...Object.values(vendors).map(({ file }) => file),
    ...Object.keys(copies),
  ];
  const inside = [
    'package.json',
    ...there,
    ...bundles.map((name) => `dist/${name}`),
    ...(await filesUnder('media')),
    ...(await filesUnder('l10n')),
  ];
  return [
    '[Content_Types].xml',
    'extension.vsixmanifest',
    ...inside.map((path) => `extension/${path}`),
  ].sort();
}

describe('The VSIX', () => {
  let zip: Buffer;

  before(async () => {
    zip = await readFile(vsixPath).catch(() => {
      throw new Error('There is no VSIX to look at. Type: npm run package');
    });
  });

  it('holds the bundles, the pictures, the sample and its papers, and nothing else', async () => {
    deepEqual([...zipEntries(zip)].sort(), await expected());
  });

  it('holds no sources, tests, maps or packages of ours', () => {
    const stray = zipEntries(zip)
      .filter((path) => !path.startsWith('extension/media/rehearsal/'))
      .filter((path) => /\.ts$|\.map$|node_modules|(^|\/)(src|test)\//.test(path));
    deepEqual(stray, []);
  });

  // Half of it are the makers' own SDKs of three, each of which is loaded only by those who use it.
  it('stays below 2 MiB', () => {
    ok(zip.length < 2 * 1024 * 1024, `it has ${String(zip.length)} bytes`);
  });
});
