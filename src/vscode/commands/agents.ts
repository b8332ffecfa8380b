import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { placesOf } from '../../foreman/places.ts';
import { commands } from '../contract.ts';
import { tell } from '../say.ts';
import { polecats, target } from '../targets.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names = 'showTerminal' | 'killAgent' | 'openWorktree' | 'showTranscript';

/** What a person does to polecats. */
export function agentCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const nothing = vscode.l10n.t('No polecat is there.');
  return {
    [commands.showTerminal]: async (...args) => {
      const found = await target(tools, args, polecats, { title: vscode.l10n.t('Show Terminal'), nothing });
      if (found === null) return;
      if (!tools.town.showTerminal(found.rig.control, found.it.id)) {
        tell(vscode.l10n.t('{polecat} has no terminal in this window.', { polecat: found.it.name }));
      }
    },
    [commands.killAgent]: async (...args) => {
      const found = await target(tools, args, polecats, {
        title: vscode.l10n.t('Kill This Agent'),
        nothing: vscode.l10n.t('No agent is running there.'),
        fits: (polecat) => polecat.session !== null,
      });
      if (found !== null) await tools.town.killAgent(found.rig.control, found.it.id);
    },
    [commands.openWorktree]: async (...args) => {
      const found = await target(tools, args, polecats, { title: vscode.l10n.t('Open Worktree'), nothing });
      if (found === null) return;
      const { worktree, name } = found.it;
      if (worktree === null) {
        tell(vscode.l10n.t('The worktree of {polecat} does not stand yet.', { polecat: name }));
        return;
      }
      await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(worktree), {
        forceNewWindow: true,
      });
    },
    [commands.showTranscript]: async (...args) => {
      const found = await target(tools, args, polecats, {
        title: vscode.l10n.t('Show Transcript'),
        nothing,
      });
      if (found === null) return;
      const { id, token, name } = found.it;
      const { repository, store } = found.rig.control;
      // Transcripts lie in the state folder, wherever worktrees stand.
      const file = placesOf(repository, store.folder, null).transcript(id, token);
      if (await exists(file)) await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
      else tell(vscode.l10n.t('{polecat} has not written a transcript yet.', { polecat: name }));
    },
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
