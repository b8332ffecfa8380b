import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { RegistryUnreachable } from '../../../integration/way/publishedPackage.ts';

const run = promisify(execFile);

export interface Wanted {
  readonly name: string;
  /** Consecutive versions, the newest that are no previews. */
  readonly versions: number;
  /** Installed beside it: what its tests run on, or what has to be there before its archive is handed out. */
  readonly needs: readonly string[];
  /** Whether its tests are run, not only its files parsed. */
  readonly tested: boolean;
}

export interface Published {
  readonly version: string;
  /** What its archive holds; to be read only. */
  readonly folder: string;
}

/** Programs with their arguments, one after the other, and what they find in their environment. */
export interface Proof {
  readonly steps: readonly (readonly [string, ...string[]])[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where versions are published, reached through its own command line, as the person's configuration has it. */
export interface Registry {
  readonly name: string;
  /** The oldest first. Throws `RegistryUnreachable`, also where there is no such command line. */
  readonly fetch: (wanted: Wanted, place: string) => Promise<readonly Published[]>;
  readonly proof: (tested: boolean, place: string) => Proof;
  /** Names of files that every archive writes anew. */
  readonly leftOut: RegExp;
  /** Where a version is written, which would be in every change's way: names of files, and what precedes it in them. */
  readonly versioned: { readonly files: RegExp; readonly before: RegExp };
  /** Files which the proof reads whole, so that one that cannot be parsed is red. */
  readonly source: RegExp;
  /** One more of them, for a change that touches none. */
  readonly anotherSource: (number: number) => string;
}

/** How the command lines name what the network did. Anything else, a missing version say, is a real failure. */
const network =
  /dial tcp|no such host|connection (?:refused|reset|timed out|broken)|could(?:n't| not) (?:connect|resolve)|(?:read|connect|i\/o|handshake) ?time(?:d )?out|NewConnectionError|module lookup disabled|network (?:error|is unreachable)/i;
const limitMs = 300_000;

/** What the program printed. Throws `RegistryUnreachable`. */
export async function ask(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = { cwd, env: { ...process.env, ...env }, timeout: limitMs, maxBuffer: 1 << 26 };
  try {
    return (await run(program, args, options)).stdout;
  } catch (error) {
    const why = unreachable(program, error);
    if (why === null) throw error;
    throw new RegistryUnreachable(why, { cause: error });
  }
}

function unreachable(program: string, error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && error.code === 'ENOENT') return `there is no ${program}`;
  if ('killed' in error && error.killed === true) return `${program} does not end`;
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
  const found = network.exec(said)?.[0];
  return found === undefined ? null : `${program} says ${found}`;
}

/** What is published but not there is a mistake in the list of packages. */
export function newest(wanted: Wanted, versions: readonly string[], stable: RegExp): readonly string[] {
  const found = versions.filter((one) => stable.test(one)).slice(-wanted.versions);
  if (found.length < wanted.versions)
    throw new Error(`${wanted.name} has ${String(found.length)} versions, not ${String(wanted.versions)}`);
  return found;
}

/** What is in the archive's one folder. */
export async function untar(archive: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', into]);
}
