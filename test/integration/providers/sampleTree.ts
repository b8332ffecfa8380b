import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Tree } from './performer.ts';

export const mediaFolder = path.join(import.meta.dirname, '../../../media/rehearsal');
const run = promisify(execFile);

export async function readTree(folder: string): Promise<Tree> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.git'));
  return new Map(
    await Promise.all(
      files.map(
        async (name) =>
          [name.replaceAll('\\', '/'), await readFile(path.join(folder, name), 'utf8')] as const,
      ),
    ),
  );
}

export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [name, content] of tree) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

export interface Checked {
  readonly ok: boolean;
  readonly output: string;
}

/** The sample's own checks on a tree, in a folder that goes afterwards. */
export async function check(tree: Tree): Promise<Checked> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rigs sample '));
  try {
    await writeTree(folder, tree);
    return await checkFolder(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function checkFolder(folder: string): Promise<Checked> {
  // A test runner inside a test runner would report to the outer one.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  let output = '';
  // One process for all files: the same tests in a fraction of the time.
  for (const args of [['scripts/lint.js'], ['--test', '--test-isolation=none']]) {
    try {
      output += (await run(process.execPath, args, { cwd: folder, env })).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return { ok: false, output: output + stdout + stderr };
    }
  }
  return { ok: true, output };
}
