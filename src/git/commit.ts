import type { CommitId } from '../town/ids.ts';
import { identityFor } from './identity.ts';
import { uncommitted } from './reader.ts';
import { headOf } from './refs.ts';
import { type RunGit, holds } from './run.ts';
import { stageAll } from './stage.ts';

/** Commits everything that is not ignored onto the worktree's HEAD; null when there was nothing to commit. */
export async function commitAll(
  git: RunGit,
  file: string,
  worktree: string,
  message: string,
): Promise<CommitId | null> {
  if ((await uncommitted(file, worktree)).length === 0) return null;
  await stageAll(git, worktree);
  const cwd = worktree;
  if (await holds(git, ['diff', '--cached', '--quiet', '--no-ext-diff', '--no-textconv'], { cwd }))
    return null;
  const env = await identityFor(git, worktree);
  // The message is an agent's title: by stdin it can be neither an option nor too long.
  const args = ['commit', '--quiet', '--no-verify', '--no-post-rewrite', '--allow-empty-message'];
  await git([...args, '--cleanup=whitespace', '-F', '-'], { cwd, env, input: message });
  return (await headOf(git, worktree)).commit;
}
