import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../contract.ts';
import { inPathOf, remember } from '../path/offerRigs.ts';
import { isOnPath, putInPath, takeFromPath } from '../path/rigsInPath.ts';
import { offer, tell } from '../say.ts';
import type { Handlers, Tools } from '../tools.ts';

type Names = 'installInPath' | 'removeFromPath';

/** `rigs` in terminals outside of the editor. */
export function pathCommands(tools: Tools): Handlers<(typeof commands)[Names]> {
  return {
    [commands.installInPath]: () => install(tools),
    [commands.removeFromPath]: () => remove(tools),
  };
}

async function install({ context, rigsBin }: Tools): Promise<void> {
  if (rigsBin === null) {
    tell(vscode.l10n.t('This build of Rigs has no rigs command.'));
    return;
  }
  const binFolder = await rigsBin();
  if (binFolder === null || !(await holdsRigs(binFolder))) {
    await offer(vscode.l10n.t('The rigs command could not be set up; the log says why.'), [
      { title: vscode.l10n.t('Show Log'), run: () => vscode.commands.executeCommand(commands.showLog) },
    ]);
    return;
  }
  const folder = await chooseFolder();
  if (folder === null) return;
  const put = await putInPath(folder, binFolder, inPathOf(context));
  if (put.kind === 'taken') {
    tell(vscode.l10n.t('Another rigs is in {folder} already. It was left as it is.', { folder }));
    return;
  }
  const { file } = put.inPath;
  await remember(context, put.inPath);
  if (isOnPath(folder, process.env['PATH'])) {
    tell(vscode.l10n.t('rigs is in PATH now, as {file}.', { file }));
    return;
  }
  const line = `export PATH="${folder}:$PATH"`;
  await offer(
    vscode.l10n.t('rigs is at {file}, but {folder} is not in PATH. Add it in your shell’s startup file.', {
      file,
      folder,
    }),
    process.platform === 'win32'
      ? []
      : [{ title: vscode.l10n.t('Copy Line'), run: () => vscode.env.clipboard.writeText(line) }],
  );
}

/** A link to nothing would be found on PATH and fail there. */
function holdsRigs(folder: string): Promise<boolean> {
  return access(path.join(folder, process.platform === 'win32' ? 'rigs.cmd' : 'rigs')).then(
    () => true,
    () => false,
  );
}

/** Null: called off. */
async function chooseFolder(): Promise<string | null> {
  const usual = path.join(homedir(), '.local', 'bin');
  const other = vscode.l10n.t('Another Folder…');
  const onPath = isOnPath(usual, process.env['PATH']);
  const chosen = await vscode.window.showQuickPick(
    [
      { label: usual, description: onPath ? vscode.l10n.t('in PATH') : vscode.l10n.t('not in PATH') },
      { label: other },
    ],
    { title: vscode.l10n.t('Where should rigs stand?') },
  );
  if (chosen === undefined) return null;
  if (chosen.label !== other) return usual;
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Put rigs Here'),
    })) ?? [];
  return folder?.fsPath ?? null;
}

async function remove({ context }: Tools): Promise<void> {
  const known = inPathOf(context);
  if (known === null) {
    tell(vscode.l10n.t('rigs was not put into PATH from here.'));
    return;
  }
  const taken = await takeFromPath(known);
  await remember(context, null);
  tell(
    taken
      ? vscode.l10n.t('rigs was taken out of PATH.')
      : vscode.l10n.t('What is at {file} is not ours any more and was left as it is.', { file: known.file }),
  );
}
