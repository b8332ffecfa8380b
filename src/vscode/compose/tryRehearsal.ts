import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { createRunGit } from '../../git/run.ts';
import { createSample } from '../../providers/rehearsal/sample.ts';

/** Makes a fresh sample repository, with a remote beside it, and opens it. Earlier ones stay. */
export async function tryRehearsal(context: vscode.ExtensionContext, gitPath: string): Promise<void> {
  const rehearsals = vscode.Uri.joinPath(context.globalStorageUri, 'rehearsals').fsPath;
  await mkdir(rehearsals, { recursive: true });
  const numbers = (await readdir(rehearsals)).map(Number).filter(Number.isInteger);
  const folder = await createSample({
    git: createRunGit(gitPath),
    mediaFolder: vscode.Uri.joinPath(context.extensionUri, 'media', 'rehearsal').fsPath,
    into: path.join(rehearsals, String(Math.max(0, ...numbers) + 1)),
  });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceNewWindow: (vscode.workspace.workspaceFolders ?? []).length > 0,
  });
}
