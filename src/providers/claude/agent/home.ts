import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { codeOf } from '../../../system/errorCode.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Home {
  readonly folder: string;
  /** Holds what the person answered to dialogs; no credentials. */
  readonly answers: string;
}

/** Where the person's Claude Code keeps its things. Nothing of Rigs is ever written there. */
export function homeOf(env: Environment): Home {
  const own = env['CLAUDE_CONFIG_DIR'] ?? '';
  if (own !== '') return { folder: own, answers: path.join(own, '.claude.json') };
  const person = homedir();
  return { folder: path.join(person, '.claude'), answers: path.join(person, '.claude.json') };
}

/** Longer names are cut here by the vendor, and a hash of its own added. */
const longestName = 200;

/**
 * The folder of the transcripts of a working folder (a real path); null when its name is cut and no such one stands yet.
 */
export async function transcriptsOf(home: string, cwd: string): Promise<string | null> {
  const projects = path.join(home, 'projects');
  const name = cwd.replaceAll(/[^a-zA-Z0-9]/g, '-');
  if (name.length <= longestName) return path.join(projects, name);
  const cut = `${name.slice(0, longestName)}-`;
  const found = (await namesIn(projects)).find((one) => one.startsWith(cut));
  return found === undefined ? null : path.join(projects, found);
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
