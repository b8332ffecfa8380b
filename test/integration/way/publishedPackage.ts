import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CheckDefinition } from '../../../src/town/check.ts';

const run = promisify(execFile);

export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  /** Of the tarball, as the registry published it. */
  readonly integrity: string;
  /** What its tests run on, exactly. */
  readonly testedWith: string;
}

/** The registry is out of reach, which says nothing about the product. */
export class RegistryUnreachable extends Error {
  readonly reason = 'registry_unreachable';
  override name = 'RegistryUnreachable';
}

/** How npm names what the network did. Anything else, a missing version say, is a real failure. */
const networkCodes = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTCACHED',
  'ENOTFOUND',
  'ERR_SOCKET_TIMEOUT',
  'ETIMEDOUT',
];
/** Options under which it soon says that there is no registry. */
export const impatient = ['--fetch-retries=0', '--fetch-timeout=20000'];

/** Installs what the package's tests run on, and nothing that would show in the repository's tracked files. */
export function setupOf({ testedWith }: PublishedPackage): CheckDefinition {
  const quiet = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  return {
    name: 'setup',
    command: 'npm',
    args: ['install', ...quiet, '--prefer-offline', ...impatient, testedWith],
    timeoutMs: 60_000,
  };
}

/** Unpacks the package into `into`, with what its tests need. Throws `RegistryUnreachable`. */
export async function fetchPackage(wanted: PublishedPackage, into: string): Promise<string> {
  const spec = `${wanted.name}@${wanted.version}`;
  const packed = await npm(['pack', spec, '--json', '--prefer-offline', ...impatient], into);
  const [tarball] = JSON.parse(packed) as readonly {
    readonly filename: string;
    readonly integrity: string;
  }[];
  if (tarball?.integrity !== wanted.integrity) throw new Error(`${spec} is not what it was: ${packed}`);
  await run('tar', ['-xzf', tarball.filename], { cwd: into });
  const folder = path.join(into, 'package');
  await npm(setupOf(wanted).args, folder);
  return folder;
}

/** What it printed. Throws `RegistryUnreachable`. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run('npm', args, { cwd })).stdout;
  } catch (error) {
    const code = /npm (?:error|ERR!) code (\w+)/.exec(said(error))?.[1];
    if (code === undefined || !networkCodes.includes(code)) throw error;
    throw new RegistryUnreachable(`npm says ${code}`, { cause: error });
  }
}

function said(error: unknown): string {
  return error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
}
