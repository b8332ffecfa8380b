import * as vscode from 'vscode';
import { commands, schemes } from '../contract.ts';
import { Disposables, type Owned } from '../disposables.ts';
import { openRigs } from '../targets.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate as t } from '../translate.ts';
import type { ConfigFiles } from './configFiles.ts';
import { configuration, configurationText } from './configuration.ts';

/** *Show Configuration*: of the rig that is open, or of one that is chosen. */
export function configCommands(tools: Pick<Tools, 'town'>): Handlers<(typeof commands)['showConfiguration']> {
  return {
    [commands.showConfiguration]: async () => {
      const root = await chosenRoot(tools);
      if (root === undefined) return;
      const uri = vscode.Uri.from({
        scheme: schemes.config,
        path: `/${t('Rigs Configuration')}.txt`,
        query: JSON.stringify(root),
      });
      await vscode.window.showTextDocument(uri, { preview: true });
    },
  };
}

/** Null: no rig is open, and what holds everywhere is shown. Undefined: nothing was chosen. */
async function chosenRoot(tools: Pick<Tools, 'town'>): Promise<string | null | undefined> {
  const roots = openRigs(tools).map(({ control, name }) => ({ label: name, root: control.repository.root }));
  if (roots.length < 2) return roots[0]?.root ?? null;
  const items = roots.map(({ label, root }) => ({ label, description: root, root }));
  return (await vscode.window.showQuickPick(items, { title: t('Show Configuration') }))?.root;
}

/** The document, which is drawn anew when settings or files change. */
export function registerConfiguration(files: ConfigFiles | null): Owned {
  const owned = new Disposables();
  const changed = owned.add(new vscode.EventEmitter<vscode.Uri>());
  owned.add(
    vscode.workspace.registerTextDocumentContentProvider(schemes.config, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ query }) => {
        const root = rootIn(query);
        const title =
          root === null ? t('Rigs Configuration') : t('Rigs Configuration of {folder}', { folder: root });
        return configurationText(configuration(files, root, t), title, t);
      },
    }),
  );
  const draw = (): void => {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === schemes.config) changed.fire(uri);
  };
  if (files !== null) owned.add(files.onDidChange(draw));
  owned.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('rigs')) draw();
    }),
  );
  return owned;
}

function rootIn(query: string): string | null {
  const root: unknown = JSON.parse(query);
  return typeof root === 'string' ? root : null;
}
