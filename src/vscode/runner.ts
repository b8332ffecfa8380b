import * as vscode from 'vscode';
import { type CommandId, commands } from './contract.ts';
import type { Handlers } from './tools.ts';
import { withoutMarkup } from './text.ts';

/** Runs a command of the contract; what it did not foresee is logged and said, with the way to the log. */
export function createRunner(
  handlers: Handlers,
  log: Pick<vscode.LogOutputChannel, 'error'>,
): (command: string, ...args: unknown[]) => Promise<unknown> {
  return async (command, ...args) => {
    if (!isCommand(command)) throw new Error(`Rigs has no command ${command}.`);
    try {
      return await handlers[command](...args);
    } catch (error) {
      log.error(`${command} failed.`, error);
      void tell(error);
      return undefined;
    }
  };
}

function isCommand(command: string): command is CommandId {
  return Object.values<string>(commands).includes(command);
}

async function tell(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const show = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t('That did not work: {message}', { message: withoutMarkup(message) }),
    show,
  );
  if (chosen === show) await vscode.commands.executeCommand(commands.showLog);
}
