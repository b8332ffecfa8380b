import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { type BinParts, installBin, rigsProgramAt } from '../../cli/bin.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import { RigsInstall } from './rigsInstall.ts';
import { rememberedRung } from './rungMemory.ts';

/** Writes the `rigs` command, by which agents and terminals reach their rig; the same for all windows of a person. */
export function installRigs(context: vscode.ExtensionContext, failed: (error: unknown) => void): RigsInstall {
  const folder = vscode.Uri.joinPath(context.globalStorageUri, 'bin').fsPath;
  const parts: BinParts = {
    execPath: process.execPath,
    nodeEnv: nodeEnvironment(),
    distFolder: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath,
  };
  const install = async (): Promise<unknown> => {
    const script = await readFile(path.join(parts.distFolder, 'rigs.sh'), 'utf8');
    const windows = process.platform === 'win32';
    const rung = windows ? {} : { rung: await rememberedRung(context.globalState, script) };
    return installBin(folder, { ...parts, ...rung });
  };
  return new RigsInstall(rigsProgramAt(folder, parts), install, failed);
}
