import * as vscode from 'vscode';

/** The editor's own setting; a list of candidates is left to the editor, and PATH serves. */
export function gitPath(): string {
  const setting = vscode.workspace.getConfiguration().get<unknown>('git.path');
  return typeof setting === 'string' && setting !== '' ? setting : 'git';
}
