/**
 * The host suite in whichever VS Code this machine can run: a desktop one that `@vscode/test-electron` downloads, or
 * code-server behind a launcher that takes the same arguments. `hostSuite.ts <tally file> [grep]`.
 */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestRunFailedError, downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { copies } from '../../esbuild.config.mjs';
import { hasDisplay } from './display.ts';
import { hostBundles } from './places.ts';
import { testFiles } from './testFiles.ts';
import { Lacking, ensureChromium, ensureCodeServer, root, say } from './toolchain.mjs';

const launcher = join(root, 'test', 'harness', 'codeServerLauncher.ts');

/** Extension hosts do not strip types, and `vscode` exists only inside them. */
async function bundleTests(): Promise<void> {
  await rm(hostBundles, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/host/index.ts', ...(await testFiles('test/host'))],
    outbase: 'test/host',
    outdir: hostBundles,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    packages: 'external',
    external: ['vscode'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logLevel: 'warning',
  });
  // What the product reads beside its bundle lies beside this one too.
  const prompts = Object.entries(copies).filter(([name]) => name.endsWith('.prompt.md'));
  await Promise.all(prompts.map(([name, source]) => copyFile(join(root, source), join(hostBundles, name))));
}

/** The executable that plays VS Code, and why this one. */
async function chooseWorld(): Promise<string> {
  let why = 'this machine has no display';
  if (hasDisplay) {
    try {
      const cachePath = join(
        process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
        'rigs-dev',
        'vscode',
      );
      const executable = await downloadAndUnzipVSCode({ version: 'stable', cachePath });
      say('  World: desktop VS Code, because this machine has a display.');
      return executable;
    } catch (error) {
      why = `VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)})`;
    }
  }
  await ensureChromium();
  await ensureCodeServer();
  say(`  World: code-server with headless Chromium, because ${why}.`);
  return launcher;
}

/** A small repository to open, so that tests see what a person's window shows. */
async function makeWorkspace(folder: string): Promise<string> {
  const workspace = join(folder, 'w');
  await mkdir(workspace);
  await writeFile(
    join(workspace, 'greet.js'),
    '// TODO: greet by name\nexport const greet = () => "hello";\n',
  );
  const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: workspace, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git(
    '-c',
    'user.name=Rigs Tester',
    '-c',
    'user.email=tester@example.invalid',
    'commit',
    '--quiet',
    '-m',
    'Start',
  );
  return workspace;
}

async function run(tallyFile: string, grep: string | undefined): Promise<number> {
  await bundleTests();
  const vscodeExecutablePath = await chooseWorld();
  const folder = await mkdtemp(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'rg-'));
  try {
    return await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(hostBundles, 'index.cjs'),
      launchArgs: [
        await makeWorkspace(folder),
        `--user-data-dir=${join(folder, 'd')}`,
        `--extensions-dir=${join(folder, 'e')}`,
      ],
      extensionTestsEnv: {
        RIGS_TEST_TALLY: tallyFile,
        ...(grep === undefined ? {} : { RIGS_TEST_GREP: grep }),
      },
    });
  } catch (error) {
    if (error instanceof TestRunFailedError) return 1;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const [tallyFile = '', grep] = process.argv.slice(2);
const code = await run(tallyFile, grep).catch((error: unknown) => {
  if (!(error instanceof Lacking)) throw error;
  say(error.message);
  return 1;
});
process.exit(code);
