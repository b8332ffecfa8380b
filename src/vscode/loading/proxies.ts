import * as vscode from 'vscode';
import type { TreeId, WebviewId } from '../contract.ts';
import type { Owned } from '../disposables.ts';
import type { Lazy } from './lazy.ts';

/** Stands in for a tree: it is there from the first moment and asks the real one once somebody looks. */
export class TreeProxy implements vscode.TreeDataProvider<unknown>, Owned {
  readonly #id: TreeId;
  readonly #lazy: Lazy;
  readonly #changed = new vscode.EventEmitter<unknown>();
  readonly onDidChangeTreeData = this.#changed.event;
  #real: vscode.TreeDataProvider<unknown> | null = null;

  constructor(id: TreeId, lazy: Lazy) {
    this.#id = id;
    this.#lazy = lazy;
    lazy.onDidStart((started) => {
      this.#real = started.trees[id];
      this.#real.onDidChangeTreeData?.((element) => {
        this.#changed.fire(element);
      });
      this.#changed.fire(undefined);
    });
  }

  /** Asks the editor to ask again, as after trust was granted. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  getTreeItem(element: unknown): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#real?.getTreeItem(element) ?? new vscode.TreeItem('');
  }

  async getChildren(element?: unknown): Promise<unknown[]> {
    if (!vscode.workspace.isTrusted) return []; // the welcome text says why
    const real = this.#real ?? (await this.#lazy.start())?.trees[this.#id];
    return (await real?.getChildren(element)) ?? [];
  }

  getParent(element: unknown): unknown {
    return this.#real?.getParent?.(element);
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    element: unknown,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.#real?.resolveTreeItem?.(item, element, token) ?? item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Stands in for a webview; in an untrusted workspace it says why it is empty. */
export function webviewProxy(id: WebviewId, lazy: Lazy): vscode.WebviewViewProvider {
  return {
    resolveWebviewView: async (view, context, token) => {
      if (!vscode.workspace.isTrusted) {
        view.webview.html = page(
          vscode.l10n.t('Nothing runs in an untrusted workspace, so there is nothing to show.'),
        );
        await untilTrusted();
      }
      const started = await lazy.start();
      if (started === null) view.webview.html = page(vscode.l10n.t('Rigs could not start.'));
      else await started.webviews[id].resolveWebviewView(view, context, token);
    },
  };
}

function untilTrusted(): Promise<void> {
  return new Promise((resolve) => {
    const granted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      granted.dispose();
      resolve();
    });
  });
}

/** Our own words only, and a policy under which nothing could run or load. */
function page(words: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"></head><body><p>${escaped}</p></body></html>`;
}
