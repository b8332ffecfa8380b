import * as vscode from 'vscode';
import type { RigsProgram } from '../../providers/vendor.ts';

/** Where the `rigs` command of this person's windows lies. */
export function binFolder(context: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(context.globalStorageUri, 'bin').fsPath;
}

/** Writes the `rigs` command, by which agents and terminals reach their rig. */
export function installRigs(_context: vscode.ExtensionContext): Promise<RigsProgram | null> {
  return Promise.resolve(null);
}
