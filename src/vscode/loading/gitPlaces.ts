import { access, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/**
 * The common git directory of a folder, found by its files alone: git itself is not started before something is
 * used. A worktree's `.git` is a file that names its directory, which names the common one (gitrepository-layout(5)).
 * Null when no repository is above the folder.
 */
export async function commonDirOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await gitDirAt(join(at, '.git'));
    if (found !== null) return found;
    if (dirname(at) === at) return null;
  }
}

async function gitDirAt(path: string): Promise<string | null> {
  const kind = await unlessMissing(stat(path));
  if (kind === null) return null;
  if (kind.isDirectory()) return path;
  const line = (await unlessMissing(readFile(path, 'utf8'))) ?? '';
  const named = /^gitdir: (.+)$/m.exec(line)?.[1]?.trim();
  if (named === undefined) return null;
  const gitDir = resolve(dirname(path), named);
  const common = await unlessMissing(readFile(join(gitDir, 'commondir'), 'utf8'));
  return common === null ? gitDir : resolve(gitDir, common.trim());
}

/**
 * Whether the rig of a repository has work that waits for a window: said by a marker in its state folder, or what was
 * kept for whoever opens it next (`gateway/outbox.ts`).
 */
export async function hasUnfinishedWork(commonDir: string): Promise<boolean> {
  const pointer = await unlessMissing(readFile(join(commonDir, 'rigs', 'home.json'), 'utf8'));
  if (pointer === null) return false;
  const folder = folderOf(pointer);
  // A pointer that cannot be read is for the store to explain, so it counts as something to see to.
  if (folder === null) return true;
  const marked = await access(join(folder, 'unfinished')).then(
    () => true,
    () => false,
  );
  if (marked) return true;
  const kept = (await unlessMissing(readdir(join(folder, 'spool', 'outbox')))) ?? [];
  return kept.some((name) => name.endsWith('.json'));
}

function folderOf(pointer: string): string | null {
  try {
    const value: unknown = JSON.parse(pointer);
    const folder = typeof value === 'object' && value !== null && 'folder' in value ? value.folder : null;
    return typeof folder === 'string' ? folder : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

async function unlessMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.has(String(error.code))) return null;
    throw error;
  }
}
