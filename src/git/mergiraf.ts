import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor } from '../system/environment.ts';
import { findProgram } from '../system/findProgram.ts';
import { bytesIfThere } from '../system/readIfThere.ts';
import { hasMarkers } from './conflicted.ts';

/** By then it falls back to merging lines, which git has done already. */
const patienceMs = 10_000;
/** By then it is ended. */
const mostMs = 20_000;

interface ThreeWays {
  readonly path: string;
  readonly base: Buffer;
  readonly ours: Buffer;
  readonly theirs: Buffer;
}

/** The machine's `mergiraf`, absolute; null where it has none that can be started without a shell. */
export async function findMergiraf(): Promise<string | null> {
  const found = await findProgram('mergiraf', process.env);
  return found === null || /\.(cmd|bat)$/i.test(found) ? null : found;
}

/**
 * A file merged by its syntax; null when that leaves a conflict, does not know the kind of file, or fails. It tells the kind
 * by the name the file has in the repository. Exit 0 says that nothing conflicts, 1 that something does (0.20).
 */
export async function mergeByStructure(
  program: string,
  folder: string,
  { path: name, base, ours, theirs }: ThreeWays,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const [from, left, right, out] = ['base', 'left', 'right', 'out'].map((one) => path.join(folder, one));
  if (from === undefined || left === undefined || right === undefined || out === undefined) return null;
  await Promise.all([writeFile(from, base), writeFile(left, ours), writeFile(right, theirs)]);
  const args = ['merge', from, left, right, '-o', out];
  const code = await ended(
    program,
    [...args, `--path-name=${name}`, `--timeout=${String(patienceMs)}`],
    folder,
    signal,
  );
  const merged = code === 0 ? await bytesIfThere(out) : null;
  return merged === null || hasMarkers(merged) ? null : merged;
}

/** It keeps a copy of each merge for a person to review, which nobody would find: that goes with the folder. */
function ended(
  program: string,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<number | null> {
  const env = { ...environmentFor(process.env), XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env, timeout: mostMs, killSignal: 'SIGKILL', windowsHide: true } as const;
    const child = execFile(program, [...args], options, (error) => {
      if (signal.aborted) reject(new Error('aborted', { cause: signal.reason }));
      else if (error === null) resolve(0);
      else resolve(typeof error.code === 'number' ? error.code : null);
    });
    signal.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  });
}
