import * as vscode from 'vscode';
import type { ForemanSettings } from '../../foreman/hands/context.ts';
import type { CheckDefinition } from '../../town/check.ts';
import type { SettingsReader } from '../settingsReader.ts';

/** What a person's settings say for one rig; read anew at every use. */
export interface RigSettings {
  foreman(): ForemanSettings;
  checks(): readonly CheckDefinition[] | null;
  target(): string | null;
  worktreeRoot(): string | null;
  claude(): { readonly enabled: boolean; readonly model: string };
}

/** Half an hour: an `npm ci` on a slow line must not fail a bead. */
const setupTimeoutMs = 30 * 60 * 1000;

export function rigSettings(reader: SettingsReader, folder: string, defaultModel: string): RigSettings {
  const scope = vscode.Uri.file(folder);
  return {
    foreman: () => {
      const setup = reader.read('rigs.worktree.setup', scope);
      return {
        maxPolecats: reader.read('rigs.maxPolecats', scope),
        maxAgents: reader.read('rigs.maxAgents', scope),
        worktreeSetup: setup === null ? null : { name: 'setup', ...setup, timeoutMs: setupTimeoutMs },
        share: {},
        spareWorktrees: reader.read('rigs.worktree.spares', scope),
        allowedCommands: reader.read('rigs.worker.allow', scope),
      };
    },
    checks: () => reader.read('rigs.checks', scope),
    target: () => orNull(reader.read('rigs.target', scope)),
    worktreeRoot: () => orNull(reader.read('rigs.worktree.root', scope)),
    claude: () => ({
      enabled: reader.read('rigs.claude.enabled', scope),
      model: orNull(reader.read('rigs.claude.model', scope)) ?? defaultModel,
    }),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
