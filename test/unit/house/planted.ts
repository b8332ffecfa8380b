/** A small house beside the real one, to see whether its guards bark: our rules, and files planted to break them. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bench } from '../../harness/places.ts';
import { root } from '../../harness/toolchain.mjs';

export type Files = Readonly<Record<string, string>>;

const rules = [
  '.dependency-cruiser.mjs',
  'eslint.config.mjs',
  'package.json',
  'tsconfig.json',
  'src/webview/tsconfig.json',
];

/** Packages as far as a resolver looks at them: their contents never matter here. */
const packages = ['simple-git', 'sql.js', '@anthropic-ai/sdk', 'valibot'];
const stubs: Files = {
  ...Object.fromEntries<string>(packages.flatMap(stub)),
  'node_modules/@types/vscode/package.json':
    '{ "name": "@types/vscode", "version": "1.0.0", "types": "index.d.ts" }',
  'node_modules/@types/vscode/index.d.ts': "declare module 'vscode' { export const version: string; }",
};

function stub(name: string): readonly (readonly [path: string, text: string])[] {
  return [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, ''],
  ];
}

/** Builds the small house, lets the guard look at it, and takes it down. */
export async function withPlanted<T>(files: Files, look: (house: string) => Promise<T>): Promise<T> {
  await mkdir(bench, { recursive: true });
  const house = await mkdtemp(join(bench, 'planted-'));
  try {
    for (const path of rules) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      await copyFile(join(root, path), join(house, path));
    }
    for (const [path, text] of Object.entries({ ...stubs, ...files })) {
      await mkdir(dirname(join(house, path)), { recursive: true });
      await writeFile(join(house, path), text);
    }
    return await look(house);
  } finally {
    await rm(house, { recursive: true, force: true });
  }
}
