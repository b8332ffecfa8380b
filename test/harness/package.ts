/** `npm run package`: the VSIX, as small as an allow-list makes it. */
import { mkdir, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { bench, vsixPath } from './places.ts';
import { root, say } from './toolchain.mjs';

/** Packages what dist/ holds; whoever calls it has built. */
export async function packageExtension(): Promise<number> {
  await mkdir(bench, { recursive: true });
  await createVSIX({ cwd: root, packagePath: vsixPath, dependencies: false });
  return (await stat(vsixPath)).size;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const bytes = await packageExtension();
  say(`  ${vsixPath.slice(root.length)}: ${(bytes / 1024).toFixed(0)} KiB`);
}
