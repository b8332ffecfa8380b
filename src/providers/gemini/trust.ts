import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import type { Json } from './json.ts';

/** What the person said of a folder. Null: nothing, and the program asks. */
export type Trust = 'trusted' | 'distrusted' | null;

/**
 * A worktree is trusted as its repository is. `rules`: `trustedFolders.json`. The person's answer is found here and
 * never given: where there is none, the program asks on its own screen.
 */
export async function trustOfWork(worktree: string, repository: string, rules: Json): Promise<Trust> {
  const real: Json = Object.fromEntries(
    await Promise.all(
      Object.entries(rules).map(async ([name, level]) => [await realOf(name), level] as const),
    ),
  );
  return trustIn(await realOf(worktree), real) ?? trustIn(await realOf(repository), real);
}

const levels: ReadonlyMap<unknown, Exclude<Trust, null>> = new Map([
  ['TRUST_FOLDER', 'trusted'],
  ['TRUST_PARENT', 'trusted'],
  ['DO_NOT_TRUST', 'distrusted'],
]);

/** As the program does it: the longest rule decides, and the first of two that are alike. */
export function trustIn(folder: string, rules: Json): Trust {
  let longest = -1;
  let found: Trust = null;
  for (const [named, level] of Object.entries(rules)) {
    const trust = levels.get(level);
    const root = level === 'TRUST_PARENT' ? path.dirname(named) : named;
    if (trust === undefined || !isInside(folder, root) || named.length <= longest) continue;
    longest = named.length;
    found = trust;
  }
  return found;
}

function isInside(folder: string, root: string): boolean {
  const way = path.relative(root, folder);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

async function realOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return folder;
    throw error;
  }
}
