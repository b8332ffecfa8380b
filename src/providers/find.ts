import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { environmentFor } from '../system/environment.ts';
import type { Environment, Vendor } from './vendor.ts';

const patienceMs = 10_000;

/** Of a program nothing is known of: given `--version`, it might begin to work. */
export const notAsked: Vendor['versionIn'] = () => null;

/** What each program printed, by its path; one that was replaced is asked again. */
const printed = new Map<string, { readonly file: string; readonly text: Promise<string | null> }>();

/**
 * The version a program says with `--version`; null when it cannot be asked, takes longer than 10 s, or says none.
 * It gets no terminal, no input and nothing of the session that asks. `notAsked` for `versionIn`: it is not even started.
 * Never rejects: a program without a version is still one.
 */
export async function versionOf(
  program: string,
  versionIn: Vendor['versionIn'],
  env: Environment = process.env,
  limitMs = patienceMs,
): Promise<string | null> {
  if (versionIn === notAsked) return null;
  const file = await identity(program);
  if (file === null) return null;
  const known = printed.get(program);
  const text = known?.file === file ? known.text : ask(program, env, limitMs);
  printed.set(program, { file, text });
  const said = await text;
  // It may have been the machine's hour, not the program's.
  if (said === null && printed.get(program)?.text === text) printed.delete(program);
  return said === null ? null : versionIn(said);
}

/** The time of change as well: npm gives all files of all versions the same time of modification. */
async function identity(program: string): Promise<string | null> {
  try {
    const file = await realpath(program);
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return [file, mtimeMs, ctimeMs, size, ino].join('\n');
  } catch {
    // Whatever keeps it from being looked at keeps it from being asked.
    return null;
  }
}

function ask(program: string, env: Environment, limitMs: number): Promise<string | null> {
  const options = {
    // Not the folder of whoever asks: programs read settings where they stand.
    cwd: homedir(),
    env: environmentFor(env),
    timeout: limitMs,
    killSignal: 'SIGKILL',
    maxBuffer: 65_536,
    windowsHide: true,
  } as const;
  return new Promise((resolve) => {
    try {
      const child = execFile(program, ['--version'], options, (error, stdout, stderr) => {
        resolve(error === null ? stdout + stderr : null);
      });
      child.stdin?.end();
    } catch {
      // A `.cmd` of Windows starts in a shell alone, and Node says so before it tries.
      resolve(null);
    }
  });
}

/** A version against those Rigs was tried with. */
export function judge(
  version: string | null,
  tried: Vendor['tried'],
): 'tried' | 'older' | 'newer' | 'unsaid' {
  if (version === null || numbers(version).length === 0) return 'unsaid';
  if (compare(version, tried.from) < 0) return 'older';
  return compare(version, tried.to) > 0 ? 'newer' : 'tried';
}

function compare(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1.20.3-beta.1` → 1, 20, 3: what comes before a release counts as that release. */
function numbers(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? '').split('.').filter(Boolean).map(Number);
}

/** The first version number in what a program printed: right for programs that print one line about themselves. */
export function firstVersion(text: string): string | null {
  return /\b\d+\.\d+(?:\.\d+)*(?:-[\w.]+)?/.exec(text.slice(0, 4_096))?.[0] ?? null;
}
