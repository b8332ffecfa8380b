import * as vscode from 'vscode';
import { installBin } from '../../cli/bin.ts';
import type { RigsProgram } from '../../providers/vendor.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';

/** Where the `rigs` command of this person's windows lies. */
export function binFolder(context: vscode.ExtensionContext): string {
  return vscode.Uri.joinPath(context.globalStorageUri, 'bin').fsPath;
}

/** Writes the `rigs` command, by which agents and terminals reach their rig. */
export function installRigs(context: vscode.ExtensionContext): Promise<RigsProgram> {
  return installBin(binFolder(context), {
    execPath: process.execPath,
    nodeEnv: nodeEnvironment(),
    distFolder: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath,
  });
}
