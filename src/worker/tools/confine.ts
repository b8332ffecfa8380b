import { lstat, realpath } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { codeOf } from '../../system/errorCode.ts';
import { segmentsOf, isGitName } from './segments.ts';
import { ToolError } from './toolError.ts';

/** A place inside the worktree that a tool may use. */
export interface Place {
  /** Real absolute path; only its last parts may not exist yet. */
  readonly path: string;
  /** Relative to the worktree, with `/`, as the model and the person read it. */
  readonly shown: string;
  readonly kind: 'file' | 'folder' | 'none';
}

/**
 * Resolves what a model calls a path to a place inside the worktree, following links only as long as they stay
 * inside and out of git's own folder. Throws `ToolError`.
 */
export async function confine(worktree: string, given: string): Promise<Place> {
  const root = await realpath(worktree);
  const segments = segmentsOf(given);
  const shown = segments.join('/') || '.';
  let at = root;
  for (const [index, segment] of segments.entries()) {
    const next = path.join(at, segment);
    const found = await look(next, shown);
    if (found === null) return { path: path.join(next, ...segments.slice(index + 1)), shown, kind: 'none' };
    at = found.isSymbolicLink() ? await follow(root, next, shown) : next;
  }
  return { path: at, shown, kind: kindOf(await lstat(at), shown) };
}

async function look(file: string, shown: string): Promise<Stats | null> {
  try {
    return await lstat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    if (codeOf(error) === 'ENOTDIR')
      throw new ToolError(`${shown}: a part of this path is a file, not a folder.`);
    if (codeOf(error) === 'ENAMETOOLONG') throw new ToolError('This path is too long.');
    throw error;
  }
}

async function follow(root: string, link: string, shown: string): Promise<string> {
  let target: string;
  try {
    target = await realpath(link);
  } catch (error) {
    throw new ToolError(`${shown}: it is or goes through a link that leads nowhere.`, { cause: error });
  }
  const inside = path.relative(root, target);
  const parts = inside.split(path.sep);
  if (parts[0] === '..' || path.isAbsolute(inside))
    throw new ToolError(
      `${shown}: it leads outside the worktree through a link; only files inside may be used.`,
    );
  if (parts.some(isGitName))
    throw new ToolError(`${shown}: it leads into git's own folder, which is off limits.`);
  return target;
}

function kindOf(stats: Stats, shown: string): 'file' | 'folder' {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  throw new ToolError(`${shown}: it is neither a file nor a folder (a device, a pipe or a socket).`);
}
