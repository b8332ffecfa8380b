import * as vscode from 'vscode';
import type { ForemanSettings } from '../../foreman/hands/context.ts';
import type { CheckDefinition } from '../../town/check.ts';
import { setting } from '../settingsReader.ts';

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

export function rigSettings(folder: string, defaultModel: string): RigSettings {
  const scope = vscode.Uri.file(folder);
  return {
    foreman: () => {
      const setup = setting('rigs.worktree.setup', scope);
      return {
        maxPolecats: setting('rigs.maxPolecats', scope),
        worktreeSetup: setup === null ? null : { name: 'setup', ...setup, timeoutMs: setupTimeoutMs },
        allowedCommands: setting('rigs.worker.allow', scope),
      };
    },
    checks: () => setting('rigs.checks', scope),
    target: () => orNull(setting('rigs.target', scope)),
    worktreeRoot: () => orNull(setting('rigs.worktree.root', scope)),
    claude: () => ({
      enabled: setting('rigs.claude.enabled', scope),
      model: orNull(setting('rigs.claude.model', scope)) ?? defaultModel,
    }),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
