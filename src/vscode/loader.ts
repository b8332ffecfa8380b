import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type CommandId, type Place, commands, contexts, planLanguage, trees, webviews } from './contract.ts';
import { commonDirOf, hasUnfinishedWork } from './loading/gitPlaces.ts';
import { Lazy } from './loading/lazy.ts';
import { TreeProxy, webviewProxy } from './loading/proxies.ts';
import { registerTodoFeatures } from './sling/features.ts';
import type { StartModule, TreeViews } from './started.ts';

/**
 * The activated entry: makes every command and view be there at once, and loads what stands behind them when one is
 * used, a plan is open, or a rig of this workspace has unfinished work.
 */
export function activate(context: vscode.ExtensionContext): void {
  const lazy = new Lazy(context, loadExtension);
  running = lazy;
  const proxies = makeTrees(context, lazy);
  const look = (): void => {
    void lookAround(lazy);
  };
  context.subscriptions.push(
    lazy,
    ...Object.values(commands).map((id) => vscode.commands.registerCommand(id, runner(lazy, id))),
    ...Object.values(webviews).map((id) =>
      vscode.window.registerWebviewViewProvider(id, webviewProxy(id, lazy)),
    ),
    registerTodoFeatures(),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.languageId === planLanguage && vscode.workspace.isTrusted) void lazy.start();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      for (const proxy of proxies) proxy.refresh();
      look();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.window.onDidChangeWindowState(look),
    watchForGit(look),
  );
  look();
}

/** Waits until the rigs are closed, so that the next window finds them free. */
export async function deactivate(): Promise<void> {
  await running?.close();
}

let running: Lazy | null = null;

/** By path at run time, so that the bundler leaves the real module a bundle of its own. */
function loadExtension(): StartModule {
  const load = createRequire(import.meta.filename);
  return load(join(import.meta.dirname, 'extension.cjs')) as StartModule;
}

function makeTrees(context: vscode.ExtensionContext, lazy: Lazy): readonly TreeProxy[] {
  const made = Object.values(trees).map((id) => {
    const proxy = new TreeProxy(id, lazy);
    const view = vscode.window.createTreeView(id, { treeDataProvider: proxy, showCollapseAll: true });
    context.subscriptions.push(proxy, view);
    return { id, proxy, view };
  });
  lazy.lend(Object.fromEntries(made.map(({ id, view }) => [id, view])) as TreeViews);
  return made.map(({ proxy }) => proxy);
}

function runner(lazy: Lazy, id: CommandId): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    if (!vscode.workspace.isTrusted) return askForTrust();
    return (await lazy.start())?.run(id, ...args);
  };
}

async function askForTrust(): Promise<void> {
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Rigs starts agents and commands of this workspace, so it waits until you trust it.'),
    manage,
  );
  if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}

/** Tells the welcome texts where they are, and starts the rest when work waits for it. */
async function lookAround(lazy: Lazy): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map((folder) => commonDirOf(folder.uri.fsPath)));
  const repositories = found.filter((one) => one !== null);
  const place: Place = repositories.length === 0 ? 'notRepository' : 'repository';
  await vscode.commands.executeCommand('setContext', contexts.place, place);
  if (!vscode.workspace.isTrusted) return;
  const waiting = await Promise.all(repositories.map(hasUnfinishedWork));
  const planIsOpen = vscode.workspace.textDocuments.some((one) => one.languageId === planLanguage);
  if (waiting.some(Boolean) || planIsOpen) await lazy.start();
}

/** `git init` in a terminal, or from the welcome text, changes what the views say. */
function watchForGit(look: () => void): vscode.Disposable {
  const watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
    const pattern = new vscode.RelativePattern(folder, '.git/HEAD');
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
    watcher.onDidCreate(look);
    return watcher;
  });
  return vscode.Disposable.from(...watchers);
}
