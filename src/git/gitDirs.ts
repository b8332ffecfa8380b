import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { isMissing } from './place.ts';

/** Where git keeps what belongs to a worktree, and what it shares with the others. Real paths. */
export interface GitDirs {
  readonly gitDir: string;
  readonly commonDir: string;
}

/**
 * The folders git itself would use in the top folder of a worktree, without starting it; null when there is none. Read
 * anew each time: an agent may rewrite the `.git` file of its worktree to lead into a repository of its making.
 */
export function gitDirsOf(top: string): GitDirs | null {
  const link = path.join(top, '.git');
  try {
    const gitDir = realpathSync(lstatSync(link).isFile() ? leadsTo(link) : link);
    const shared = textAt(path.join(gitDir, 'commondir'));
    return { gitDir, commonDir: shared === null ? gitDir : realpathSync(path.resolve(gitDir, shared)) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What a `.git` file names; git takes all up to the line ends at its end, a line end in the path included. */
export function leadsTo(link: string): string {
  return path.resolve(path.dirname(link), linkIn(readFileSync(link, 'utf8')) ?? '');
}

export function linkIn(text: string): string | null {
  return /^gitdir: ([^]*?)[\r\n]*$/.exec(text)?.[1] ?? null;
}

function textAt(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
