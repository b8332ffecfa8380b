import { equal, ok } from 'node:assert/strict';
import * as vscode from 'vscode';

describe('Rigs in an extension host', () => {
  it('is there, runs beside the workspace, and activates', async () => {
    const extension = vscode.extensions.getExtension('rigs.rigs');
    ok(extension, 'the extension is not known to this VS Code');
    equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
    await extension.activate();
    ok(extension.isActive);
  });

  it('opens with the folder it was given', () => {
    equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
