import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errorCode.ts';

type Environment = Readonly<Record<string, string | undefined>>;

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
