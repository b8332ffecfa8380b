/** A checkout with one linked worktree, as polecats have them, and a task in it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AgentTask } from '../../../src/ports/agents.ts';
import type { BeadId, PolecatId } from '../../../src/town/ids.ts';
import type { AgentHomes } from '../../harness/agentHomes.ts';

export const repositoryIn = (base: string): string => join(base, 'words');
export const worktreeIn = (base: string): string => join(base, 'words.rigs', 'nux');

/** Standard output of a program, trimmed. */
export async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  return (await promisify(execFile)(file, args, { cwd })).stdout.trim();
}

export async function makeWorktree(base: string): Promise<void> {
  const repository = repositoryIn(base);
  await mkdir(repository, { recursive: true });
  const git = (...args: readonly string[]): Promise<string> => run('git', args, repository);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'A person');
  await git('config', 'user.email', 'person@example.invalid');
  await git('commit', '-q', '--allow-empty', '-m', 'Begin');
  await git('worktree', 'add', '-q', '-b', 'polecat/nux/gt-00001', worktreeIn(base));
}

/** In an agent's folder of its own. */
export async function taskIn(
  base: string,
  { env }: Pick<AgentHomes, 'env'>,
  given: Pick<AgentTask, 'prompt' | 'seat'> & Partial<AgentTask>,
): Promise<AgentTask> {
  return {
    caller: { polecat: 'nux-1' as PolecatId, token: 1 },
    bead: 'gt-00001' as BeadId,
    title: 'A task',
    worktree: worktreeIn(base),
    repository: repositoryIn(base),
    folder: given.folder ?? (await mkdtemp(join(base, 'agent-'))),
    conversation: null,
    purpose: 'begin',
    env: { ...env, RIGS_HOME: join(base, 'home'), RIGS_TOKEN: 'a-token' },
    ...given,
  };
}
