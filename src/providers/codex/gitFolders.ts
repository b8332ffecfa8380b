import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AgentTask } from '../../ports/agents.ts';
import { codeOf } from '../../system/errorCode.ts';
import { isThere } from '../../system/isThere.ts';

/**
 * The folders of the repository that `git commit` in the task's worktree writes into: its own index, the objects, and
 * its own branch with its log. Not the git directory as a whole: hooks and configuration there would run outside the
 * sandbox. None when the worktree is not exactly the repository's and on the task's branch; what its files say is the
 * last agent's word, and only counts where it agrees. Then Codex asks before it commits.
 */
export async function commitFolders(
  task: Pick<AgentTask, 'worktree' | 'repository' | 'bead'>,
): Promise<readonly string[]> {
  try {
    const gitDir = await pointedAt(path.join(task.worktree, '.git'));
    const common = await commonOf(task.repository);
    if (gitDir === null || path.dirname(gitDir) !== path.join(common, 'worktrees')) return [];
    const branch = branchFolder(await readFile(path.join(gitDir, 'HEAD'), 'utf8'), task.bead);
    if (branch === null || (await isThere(path.join(common, 'reftable')))) return [];
    const folders = [branch, `logs/${branch}`].map((one) => path.join(common, ...one.split('/')));
    // Git makes them with the first commit of a packed branch, which the sandbox would not let it.
    for (const folder of folders) await mkdir(folder, { recursive: true });
    return [gitDir, path.join(common, 'objects'), ...folders];
  } catch (error) {
    if (missing.has(codeOf(error))) return [];
    throw error;
  }
}

const missing = new Set<string | number | undefined>(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** `ref: refs/heads/polecat/nux/gt-abc12` → `refs/heads/polecat/nux`. */
function branchFolder(head: string, bead: string): string | null {
  const [, folder, last] = /^ref: (refs\/heads\/polecat\/[a-z][a-z0-9-]*)\/([^/\s]+)\s*$/.exec(head) ?? [];
  return folder !== undefined && last === bead ? folder : null;
}

/** Null for a directory. */
async function pointedAt(file: string): Promise<string | null> {
  if ((await stat(file)).isDirectory()) return null;
  const [, target] = /^gitdir: (.+?)\s*$/.exec(await readFile(file, 'utf8')) ?? [];
  return target === undefined ? null : realpath(path.resolve(path.dirname(file), target));
}

/** Of a checkout, which may be a linked worktree itself. */
async function commonOf(checkout: string): Promise<string> {
  const own = path.join(checkout, '.git');
  const gitDir = (await pointedAt(own)) ?? (await realpath(own));
  try {
    const common = (await readFile(path.join(gitDir, 'commondir'), 'utf8')).trim();
    return await realpath(path.resolve(gitDir, common));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return gitDir;
    throw error;
  }
}
