import * as vscode from 'vscode';
import { visible } from '../../words/plain.ts';
import { commands } from '../contract.ts';
import { tell } from '../say.ts';
import { rigs, target } from '../targets.ts';
import { withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';

/** What a person does about what agents of a rig do without asking: command lines, and uses of a vendor's tools. */
export function grantCommands(tools: Tools): Handlers<typeof commands.revokeGrants> {
  return {
    [commands.revokeGrants]: async (...args) => {
      const title = vscode.l10n.t('Manage Allowed Commands');
      const nothing = vscode.l10n.t('No rig is open.');
      const found = await target(tools, args, rigs, { title, nothing, takeOnly: true });
      if (found === null) return;
      const { control } = found.rig;
      const grants = control.state.rig?.grants ?? [];
      if (grants.length === 0) {
        tell(
          vscode.l10n.t(
            'Nothing is always allowed in this rig. What the setting rigs.worker.allow lists is allowed besides.',
          ),
        );
        return;
      }
      const chosen = await vscode.window.showQuickPick(
        grants.map((grant) => ({ label: withoutMarkup(visible(grant)), grant })),
        { title, placeHolder: vscode.l10n.t('Choose what agents have to ask for again') },
      );
      if (chosen === undefined) return;
      if (await tools.wish(control, { type: 'revokeGrant', grant: chosen.grant }))
        tell(vscode.l10n.t('No longer allowed without asking: {grant}', { grant: chosen.label }));
    },
  };
}
