import { lstat, mkdir, readFile, readlink, symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';

/** What stands in a folder of PATH for a person's own terminals, and how it is told from what others put there. */
export interface InPath {
  /** Absolute path of what was put there. */
  readonly file: string;
  /** What it leads to. */
  readonly target: string;
}

/** What came of it. `taken`: something that is not ours has the name there. */
export type Put = { readonly kind: 'put'; readonly inPath: InPath } | { readonly kind: 'taken' };

/** Puts `rigs` into `folder`, made if it is not there: a symlink, on Windows a file that calls it. Rejects as the disk does. */
export async function putInPath(
  folder: string,
  binFolder: string,
  known: InPath | null,
  platform: NodeJS.Platform = process.platform,
): Promise<Put> {
  const { name, write, holds } = ways(platform);
  const inPath: InPath = { file: path.join(folder, name), target: path.join(binFolder, name) };
  const there = await holds(inPath.file);
  const ours = there === inPath.target || (known !== null && isOurs(known, inPath.file, there));
  if (there !== null && !ours) return { kind: 'taken' };
  await mkdir(folder, { recursive: true });
  if (there !== null) await unlink(inPath.file);
  await write(inPath);
  return { kind: 'put', inPath };
}

/** Takes away what `putInPath` put there. False: it is gone already, or is another's by now and stays. */
export async function takeFromPath(
  known: InPath,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const there = await ways(platform).holds(known.file);
  if (there === null || !isOurs(known, known.file, there)) return false;
  await unlink(known.file);
  return true;
}

function isOurs(known: InPath, file: string, target: string | null): boolean {
  return known.file === file && known.target === target;
}

/** Whether programs in `folder` are found by name. */
export function isOnPath(folder: string, variable: string | undefined): boolean {
  return (variable ?? '').split(path.delimiter).some((one) => one !== '' && path.resolve(one) === folder);
}

interface Way {
  readonly name: string;
  readonly write: (inPath: InPath) => Promise<void>;
  /** What the file leads to, some word for what is not ours, or null when nothing is there. */
  readonly holds: (file: string) => Promise<string | null>;
}

function ways(platform: NodeJS.Platform): Way {
  return platform === 'win32' ? calling : linking;
}

const foreign = 'not ours';

const linking: Way = {
  name: 'rigs',
  write: ({ file, target }) => symlink(target, file),
  holds: async (file) => {
    const found = await ifThere(lstat(file));
    if (found === null) return null;
    return found.isSymbolicLink() ? readlink(file) : foreign;
  },
};

/** Symbolic links need rights there that people rarely have. */
const calling: Way = {
  name: 'rigs.cmd',
  write: ({ file, target }) => writeFile(file, callOf(target), { flag: 'wx' }),
  holds: async (file) => {
    const text = await ifThere(readFile(file, 'utf8'));
    if (text === null) return null;
    const target = called.exec(text)?.[1];
    return target === undefined ? foreign : target.replaceAll('%%', '%');
  },
};

const called = /^(?:@chcp 65001 >nul\r\n)?@"(.+)" %\*\r\n$/;

/** As `cli/wrappers.ts` writes them: cmd takes a single % for a variable's, and bytes for its own code page's. */
function callOf(target: string): string {
  // eslint-disable-next-line no-control-regex
  const page = /^[\x00-\x7f]*$/.test(target) ? '' : '@chcp 65001 >nul\r\n';
  return `${page}@"${target.replaceAll('%', '%%')}" %*\r\n`;
}

async function ifThere<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
