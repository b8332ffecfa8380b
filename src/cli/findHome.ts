import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { existingHomeOf } from '../store/home.ts';
import { codeOf } from '../system/errorCode.ts';
import { readIfThere } from '../system/readIfThere.ts';
import { CliError } from './cliError.ts';

/** The folder with `door.json`: what `RIGS_HOME` names, else the one of the repository around `cwd`. */
export async function findHome(cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env['RIGS_HOME'] ?? '';
  if (given !== '') return given;
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const commonDir = await commonDirAt(folder);
    if (commonDir !== null) return path.join(await stateFolder(commonDir), 'door');
    if (folder === path.dirname(folder)) throw new CliError('no_rig', `${cwd} is in no git repository.`);
  }
}

async function stateFolder(commonDir: string): Promise<string> {
  try {
    return await existingHomeOf(commonDir);
  } catch (error) {
    throw new CliError('no_rig', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * The common git directory of a worktree whose top is `folder`, as gitrepository-layout(5) describes it: `.git` is
 * it, or names a directory whose `commondir` names it. Read here because only git/ may run git.
 */
async function commonDirAt(folder: string): Promise<string | null> {
  const entry = path.join(folder, '.git');
  if (await isDirectory(entry)) return entry;
  if (await isBare(folder)) return folder;
  const pointer = /^gitdir: (.+)$/m.exec((await readIfThere(entry)) ?? '')?.[1];
  if (pointer === undefined) return null;
  const own = path.resolve(folder, pointer);
  const common = (await readIfThere(path.join(own, 'commondir')))?.trim();
  return common === undefined ? own : path.resolve(own, common);
}

async function isDirectory(entry: string): Promise<boolean> {
  try {
    return (await stat(entry)).isDirectory();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isBare(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return ['HEAD', 'objects', 'refs'].every((name) => names.includes(name));
}
