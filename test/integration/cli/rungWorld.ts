import { spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { installBin } from '../../../src/cli/bin.ts';
import { type Rung, lastRung } from '../../../src/cli/rung.ts';
import { carries, rungsHere } from '../../../src/cli/rungs.ts';
import { readFile } from 'node:fs/promises';

const sources = join(import.meta.dirname, '../../../src/cli');

/** As the product has them: a Node that strips types first would be slower by half. */
export async function buildPrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: { cli: join(sources, 'main.ts'), hook: join(sources, 'hookMain.ts') },
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['sql.js'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logLevel: 'silent',
  });
  await copyFile(join(sources, 'rigs.sh'), join(folder, 'rigs.sh'));
}

/** A folder with an odd name, and `rigs` in it for each rung that this machine has. */
export async function installRungs(): Promise<{
  readonly folder: string;
  readonly programs: ReadonlyMap<string, string>;
}> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "rigs' b in ")));
  const distFolder = join(folder, 'dist “ü”');
  await buildPrograms(distFolder);
  const programs = new Map<string, string>();
  for (const [name, rung] of await working()) {
    const { bin } = await installBin(join(folder, name), {
      execPath: process.execPath,
      nodeEnv: { RIGS_TEST_NODE: "it's $HOME" },
      distFolder,
      rung,
    });
    programs.set(name, bin);
  }
  return { folder, programs };
}

async function working(): Promise<ReadonlyMap<string, Rung>> {
  const script = await readFile(join(sources, 'rigs.sh'), 'utf8');
  const found = new Map<string, Rung>([['node', lastRung]]);
  for (const rung of process.platform === 'win32' ? [] : await rungsHere())
    if (!found.has(rung.name) && (await carries(rung, script))) found.set(rung.name, rung);
  return found;
}

export interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
}

/** Runs a program with pipes, as agents and vendors do. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env, stdin = '', signal }: RunOptions,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { PATH: process.env['PATH'], ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const }),
    });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.once('error', reject);
    child.once('close', (exit) => {
      resolve({ exit, out, err });
    });
  });
}
