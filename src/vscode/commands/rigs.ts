import * as vscode from 'vscode';
import { commands, trees } from '../contract.ts';
import { tell } from '../say.ts';
import { parseSubject, rigKey } from '../subject.ts';
import { openRigs, rigs, target } from '../targets.ts';
import { withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import type { Mend } from '../town.ts';

type Names = 'addRig' | 'openRig' | 'mendRig' | 'parkRig' | 'unparkRig' | 'stopTown' | 'startTown';

/** What a person does to rigs and to the town as a whole. */
export function rigCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  const noRig = vscode.l10n.t('No rig is open.');
  const park = async (
    args: readonly unknown[],
    type: 'parkRig' | 'unparkRig',
    title: string,
  ): Promise<void> => {
    const found = await target(tools, args, rigs, { title, nothing: noRig, takeOnly: true });
    if (found !== null) await tools.wish(found.rig.control, { type });
  };
  return {
    [commands.addRig]: (...args) => addRig(tools, args[0]),
    [commands.openRig]: async (...args) => {
      const subject = parseSubject(args[0]);
      const rig = tools.town.rigs.find((one) => rigKey(one) === subject?.rig);
      if (rig !== undefined) await tools.town.open(vscode.Uri.file(rig.folder));
    },
    [commands.mendRig]: (...args) => mendRig(tools, args[0]),
    [commands.parkRig]: (...args) => park(args, 'parkRig', vscode.l10n.t('Park Rig')),
    [commands.unparkRig]: (...args) => park(args, 'unparkRig', vscode.l10n.t('Unpark Rig')),
    [commands.stopTown]: () => switchTown(tools, 'stopTown'),
    [commands.startTown]: () => switchTown(tools, 'startTown'),
  };
}

/** Says what will happen before it does; both ways keep every byte. */
async function mendRig(tools: Tools, argument: unknown): Promise<void> {
  const subject = parseSubject(argument);
  const rig =
    tools.town.rigs.find((one) => rigKey(one) === subject?.rig) ??
    tools.town.rigs.find((one) => one.mend !== null);
  if (rig === undefined || rig.mend === null) {
    tell(vscode.l10n.t('No rig needs mending.'));
    return;
  }
  const ways: Readonly<Record<Mend, { readonly button: string; readonly detail: string }>> = {
    startAfresh: {
      button: vscode.l10n.t('Start Afresh'),
      detail: vscode.l10n.t(
        'The rig begins without its history: its beads, convoys and queue are gone from view. Branches and worktrees stay as they are. The pointer to the old state is kept beside the new one, so that the history can be brought back if the folder comes back.',
      ),
    },
    goOnFromLastGood: {
      button: vscode.l10n.t('Go On From There'),
      detail: vscode.l10n.t(
        'The rig goes on from the last entry of its journal that can be read. The damaged files are kept in a folder beside it. Branches and worktrees stay as they are.',
      ),
    },
  };
  const { button, detail } = ways[rig.mend];
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Mend the memory of {rig}?', { rig: withoutMarkup(rig.name) }),
    { modal: true, detail },
    button,
  );
  if (chosen === button) await tools.town.mend(rig.folder);
}

async function addRig(tools: Tools, argument: unknown): Promise<void> {
  const folder = argument instanceof vscode.Uri ? argument : await chooseFolder();
  if (folder === undefined) return;
  const control = await tools.town.open(folder);
  if (control === null) return; // the town said why
  await tools.reveal(trees.rigs, { kind: 'rig', rig: control.repository.commonDir });
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const start = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    title: vscode.l10n.t('Folder of a Git Repository'),
    openLabel: vscode.l10n.t('Add Rig'),
    ...(start === undefined ? {} : { defaultUri: start }),
  });
  return chosen?.[0];
}

/** Stop means stopped, in every rig this window owns, until it is started again. */
async function switchTown(tools: Tools, type: 'stopTown' | 'startTown'): Promise<void> {
  const open = openRigs(tools);
  if (open.length === 0) {
    tell(vscode.l10n.t('No rig is open, so nothing runs.'));
    return;
  }
  const done = await Promise.all(open.map((rig) => tools.wish(rig.control, { type })));
  if (!done.every(Boolean)) return;
  tell(
    type === 'stopTown'
      ? vscode.l10n.t('The town is stopped. Nothing starts until you start it, also after a reload.')
      : vscode.l10n.t('The town is started.'),
  );
}
