import type * as vscode from 'vscode';
import type { TreeId, WebviewId } from './contract.ts';

/** What the loader gets from the real module once something is used. */
export interface Started {
  /** Runs one of the contract's commands. */
  run(command: string, ...args: unknown[]): unknown;
  readonly trees: Readonly<Record<TreeId, vscode.TreeDataProvider<unknown>>>;
  readonly webviews: Readonly<Record<WebviewId, vscode.WebviewViewProvider>>;
  /** Hands over the views the loader made, for badges, messages and revealing rows. */
  attach(views: TreeViews): void;
  /** Waited for when the window closes, as far as the editor waits (5 s). */
  dispose(): unknown;
}

export type TreeViews = Readonly<Record<TreeId, vscode.TreeView<unknown>>>;

/** What `extension.cjs` exports. */
export interface StartModule {
  start(context: vscode.ExtensionContext): Promise<Started>;
}
