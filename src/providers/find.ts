import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { codeOf } from '../system/errorCode.ts';
import { environmentFor } from '../system/environment.ts';
import type { Environment, Vendor } from './vendor.ts';

/** The machine that is looked at. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Whether a file is there that the system would start; rejects with what the system said of it. */
  readonly starts: (file: string) => Promise<boolean>;
}

const thisMachine: Machine = { platform: process.platform, starts };

/**
 * The file that a command names, absolute, or null when there is none to start. A name is looked for on PATH as
 * `spawn` would; what has a separator is a path and looked at where it stands.
 */
export async function findProgram(
  command: string,
  env: Environment,
  { platform, starts: startable }: Machine = thisMachine,
): Promise<string | null> {
  const on = platform === 'win32' ? path.win32 : path.posix;
  const isPath = command.includes('/') || (platform === 'win32' && command.includes('\\'));
  if (command === '' || command.includes('\0')) return null;
  const bases = isPath ? [on.resolve(command)] : folders(env, platform).map((one) => on.join(one, command));
  for (const base of bases) {
    for (const ending of endings(base, env, platform)) {
      if (await startable(base + ending).catch(absent)) return base + ending;
    }
  }
  return null;
}

/** Relative entries are left out: they would name another program in each worktree, perhaps one of its own. */
function folders(env: Environment, platform: NodeJS.Platform): readonly string[] {
  const on = platform === 'win32' ? path.win32 : path.posix;
  return (variable(env, 'PATH', platform) ?? '')
    .split(on.delimiter)
    .map((one) => (platform === 'win32' ? one.replaceAll('"', '') : one))
    .filter((one) => on.isAbsolute(one));
}

/** Windows knows a program by its ending; npm puts one without beside it, for other shells. */
function endings(base: string, env: Environment, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return [''];
  const known = (variable(env, 'PATHEXT', platform) ?? '.COM;.EXE;.BAT;.CMD')
    .split(';')
    .filter((one) => one.startsWith('.'));
  const own = path.win32.extname(base).toLowerCase();
  return known.some((one) => one.toLowerCase() === own) ? [''] : known;
}

function variable(env: Environment, name: string, platform: NodeJS.Platform): string | undefined {
  if (platform !== 'win32') return env[name];
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

async function starts(file: string): Promise<boolean> {
  await access(file, constants.X_OK);
  return (await stat(file)).isFile();
}

/**
 * A place that nobody may read, or a share that is gone (ENOTCONN, ESTALE, EIO …), holds no program for us, and the
 * places after it still may.
 */
function absent(error: unknown): false {
  if (codeOf(error) === undefined) throw error;
  return false;
}

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
