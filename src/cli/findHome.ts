import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { StoreError } from '../ports/store.ts';
import { existingHomeOf } from '../store/home.ts';
import { codeOf } from '../system/errorCode.ts';
import { readIfThere } from '../system/readIfThere.ts';
import { plain } from '../words/plain.ts';
import { notFound, refused } from './commandError.ts';

/** Where a rig is asked, and where its memory belongs. */
export interface Place {
  /** The folder with `door.json`. */
  readonly home: string;
  /** Common git directory of the repository. */
  readonly commonDir: string;
}

/** What `RIGS_HOME` names, else the rig of the repository around `cwd`. Throws `CommandError`. */
export async function findPlace(cwd: string, env: NodeJS.ProcessEnv): Promise<Place> {
  const { RIGS_HOME: given = '' } = env;
  if (given !== '') return { home: given, commonDir: await ownerOf(given) };
  const commonDir = await findRepository(cwd);
  if (commonDir === null)
    throw notFound(
      `${plain(cwd, 300)} is in no git repository. Say it inside one, or make one with \`rigs init --git\`.`,
    );
  return { home: path.join(await stateFolder(commonDir), 'door'), commonDir };
}

/** The common git directory of the repository around a folder; null when there is none. */
export async function findRepository(cwd: string): Promise<string | null> {
  return (await findWorktree(cwd))?.commonDir ?? null;
}

/** A worktree; the repository's own has its git directory for itself and for all. */
export interface Worktree {
  readonly top: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** The worktree, or bare repository, around a folder; null when there is none. */
export async function findWorktree(cwd: string): Promise<Worktree | null> {
  for (let top = path.resolve(cwd); ; top = path.dirname(top)) {
    const dirs = await gitDirsAt(top);
    if (dirs !== null) return { top, ...dirs };
    if (top === path.dirname(top)) return null;
  }
}

async function stateFolder(commonDir: string): Promise<string> {
  try {
    return await existingHomeOf(commonDir);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw notFound(`${error.message} \`rigs init\` makes its memory, and so does opening it in VS Code.`);
  }
}

const deed = v.looseObject({ commonDir: v.string() });

/** The repository that a state folder says it belongs to (`store/home.ts`). */
async function ownerOf(home: string): Promise<string> {
  const file = path.join(path.dirname(home), 'rig.json');
  const text = await readIfThere(file);
  if (text === null) throw refused(`RIGS_HOME is ${plain(home, 300)}, and no rig’s memory stands there.`);
  return v.parse(deed, JSON.parse(text)).commonDir;
}

/**
 * The git directories of a worktree whose top is `folder`, as gitrepository-layout(5) describes them: `.git` is
 * both, or names its own one, whose `commondir` names the common one. Read here because only git/ may run git.
 */
async function gitDirsAt(folder: string): Promise<Omit<Worktree, 'top'> | null> {
  const entry = path.join(folder, '.git');
  if (await isDirectory(entry)) return alone(entry);
  if (await isBare(folder)) return alone(folder);
  const pointer = /^gitdir: (.+)$/m.exec((await readIfThere(entry)) ?? '')?.[1];
  if (pointer === undefined) return null;
  const gitDir = path.resolve(folder, pointer);
  const common = (await readIfThere(path.join(gitDir, 'commondir')))?.trim();
  return common === undefined ? alone(gitDir) : { gitDir, commonDir: path.resolve(gitDir, common) };
}

function alone(gitDir: string): Omit<Worktree, 'top'> {
  return { gitDir, commonDir: gitDir };
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
