import * as vscode from 'vscode';
import { settingKeys } from '../../config/settingKeys.ts';
import { claudeKeySecret, commands } from '../contract.ts';
import { tell } from '../say.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names = 'setClaudeApiKey' | 'tryRehearsal' | 'openSettings' | 'showLog';

/** Keys, settings, log and rehearsal. */
export function appCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.setClaudeApiKey]: () => setKey(tools),
    [commands.tryRehearsal]: () => tools.tryRehearsal(),
    [commands.openSettings]: async (...args) => {
      const key = settingKeys.find((one) => one === args[0]);
      const query = key ?? `@ext:${tools.context.extension.id}`;
      await vscode.commands.executeCommand('workbench.action.openSettings', query);
    },
    [commands.showLog]: () => {
      tools.log.show();
    },
  };
}

/** The key goes into the editor's secret storage and nowhere else; an empty one takes it out. */
async function setKey({ context }: Tools): Promise<void> {
  const had = (await context.secrets.get(claudeKeySecret)) !== undefined;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Claude API Key'),
    prompt: had
      ? vscode.l10n.t('A key is set. Type a new one, or leave it empty to remove it.')
      : vscode.l10n.t('It is kept in the secret storage of this editor.'),
    placeHolder: 'sk-ant-…',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /\s/.test(text.trim()) ? vscode.l10n.t('A key has no spaces in it.') : undefined,
  });
  if (key === undefined) return;
  if (key.trim() !== '') {
    await context.secrets.store(claudeKeySecret, key.trim());
    tell(vscode.l10n.t('The key is set.'));
  } else if (had) {
    await context.secrets.delete(claudeKeySecret);
    tell(vscode.l10n.t('The key was removed.'));
  }
}
