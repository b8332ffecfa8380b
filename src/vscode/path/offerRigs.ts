import path from 'node:path';
import * as vscode from 'vscode';
import { contexts } from '../contract.ts';
import { type InPath, putInPath } from './rigsInPath.ts';

type Place = Pick<vscode.ExtensionContext, 'environmentVariableCollection' | 'globalState'>;

const memoryKey = 'rigs.inPath';

/**
 * Lets `rigs` be found in every integrated terminal, and keeps what was put into the person's own PATH leading to this
 * version. The editor takes the variable back when the extension is disabled or removed.
 */
export async function offerRigs(
  context: Place,
  binFolder: string,
  log: Pick<vscode.LogOutputChannel, 'warn'>,
): Promise<void> {
  const variables = context.environmentVariableCollection;
  variables.description = vscode.l10n.t('Adds the `rigs` command of the Rigs extension to PATH');
  variables.persistent = true;
  // Shells that set PATH anew in their startup files would hide it again.
  const when = { applyAtProcessCreation: true, applyAtShellIntegration: true };
  variables.prepend('PATH', binFolder + path.delimiter, when);
  const known = inPathOf(context);
  await showInPath(known);
  if (known === null || path.dirname(known.target) === binFolder) return;
  try {
    const put = await putInPath(path.dirname(known.file), binFolder, known);
    await remember(context, put.kind === 'put' ? put.inPath : null);
  } catch (error) {
    log.warn(`${known.file} could not be renewed.`, error);
  }
}

/** What this person had put into their PATH; null: nothing. */
export function inPathOf({ globalState }: Pick<Place, 'globalState'>): InPath | null {
  return globalState.get<InPath | null>(memoryKey, null);
}

export async function remember(
  { globalState }: Pick<Place, 'globalState'>,
  inPath: InPath | null,
): Promise<void> {
  await globalState.update(memoryKey, inPath ?? undefined);
  await showInPath(inPath);
}

async function showInPath(inPath: InPath | null): Promise<void> {
  await vscode.commands.executeCommand('setContext', contexts.inPath, inPath !== null);
}
