import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bench } from '../../harness/places.ts';
import { startGroup } from '../../harness/processes.ts';
import { root } from '../../harness/toolchain.mjs';
import { built } from '../built.ts';

/** What probes measure, by the probe's file in this folder. */
export type Probe = 'activation' | 'polecatStart';

/**
 * Runs a probe in a fresh extension host of code-server, in a folder of its own, and returns what it measured.
 * Throws when the host ends badly or the probe tells nothing.
 */
export async function inHost(probe: Probe): Promise<Readonly<Record<string, number>>> {
  const folder = await mkdtemp(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'rb-'));
  try {
    const told = join(folder, 'told.json');
    const workspace = join(folder, 'w');
    await mkdir(workspace);
    const args = [
      join(root, 'test', 'harness', 'codeServerLauncher.ts'),
      `--extensionDevelopmentPath=${await patientExtension(join(folder, 'x'))}`,
      `--extensionTestsPath=${await bundled(probe)}`,
      `--user-data-dir=${join(folder, 'd')}`,
      `--extensions-dir=${join(folder, 'e')}`,
      workspace,
    ];
    const host = startGroup(process.execPath, args, {
      env: { ...process.env, RIGS_TEST_TOLD: told, RIGS_TEST_FOLDER: folder },
      stdio: ['ignore', process.stderr, process.stderr], // the answer of the bench is on stdout
    });
    const code = await host.ended;
    if (code !== 0) throw new Error(`the extension host ended with ${String(code)}`);
    return JSON.parse(await readFile(told, 'utf8')) as Readonly<Record<string, number>>;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The extension as it is, except that it waits for the probe instead of starting with the window. */
async function patientExtension(folder: string): Promise<string> {
  const dist = await built();
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as object;
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  await symlink(dist, join(folder, 'dist'), 'junction');
  for (const name of ['package.nls.json', 'l10n', 'media'])
    await symlink(join(root, name), join(folder, name));
  return folder;
}

/** Extension hosts do not strip types, and find packages from where a file lies. */
async function bundled(probe: Probe): Promise<string> {
  const outfile = join(bench, 'probes', `${probe}.cjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, `${probe}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    packages: 'external',
    external: ['vscode'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logLevel: 'error',
  });
  return outfile;
}
