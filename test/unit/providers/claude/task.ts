import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentTask } from '../../../../src/ports/agents.ts';
import type { VendorStart } from '../../../../src/providers/vendor.ts';
import type { BeadId, PolecatId } from '../../../../src/town/ids.ts';

/** Folders of a person, of a repository with a worktree, and of a polecat. */
export interface Place {
  readonly base: string;
  readonly home: string;
  readonly worktree: string;
  readonly repository: string;
  readonly folder: string;
  remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const base = await realpath(await mkdtemp(path.join(tmpdir(), 'rigs claude ')));
  const folders = {
    home: path.join(base, 'home'),
    worktree: path.join(base, 'words.rigs', 'nux'),
    repository: path.join(base, 'words'),
    folder: path.join(base, 'state', 'nux'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  return { base, ...folders, remove: () => rm(base, { recursive: true, force: true }) };
}

export function taskIn(
  { home, worktree, repository, folder }: Place,
  more: Partial<AgentTask> = {},
): AgentTask {
  return {
    caller: { polecat: 'nux-1' as PolecatId, token: 1 },
    seat: { runner: 'claude-code', provider: 'claude', tank: 'claude', model: '' },
    bead: 'gt-00001' as BeadId,
    title: 'A task',
    worktree,
    repository,
    folder,
    conversation: null,
    purpose: 'begin',
    prompt: 'Do this.',
    env: { CLAUDE_CONFIG_DIR: home },
    ...more,
  };
}

export const how: VendorStart = {
  program: '/opt/claude',
  version: '2.1.329',
  settings: { enabled: true, command: '', args: [], model: '', mode: 'ask' },
  rigs: {
    bin: '/opt/rigs/bin',
    hook: ["/opt/a person's rigs/rigs", 'agent-hook'],
    mcp: { file: '/opt/node', args: ['mcp.js', '--stdio'], env: { ELECTRON_RUN_AS_NODE: '1' } },
  },
};
