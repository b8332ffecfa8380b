import * as vscode from 'vscode';
import { Broker } from '../../git/brokered.ts';
import { openGit } from '../../git/openGit.ts';
import type { Git } from '../../ports/git.ts';
import { environmentFor } from '../../system/environment.ts';
import { gitPath } from './gitPath.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';

/**
 * Git for this window. On Linux a broker runs it: there, starting a program holds the extension host up the longer the
 * larger it is, from its first day on longer than the broker costs. macOS and Windows start programs without a copy of
 * the host, by posix_spawn and CreateProcess.
 */
export function openWindowGit(context: vscode.ExtensionContext): Git {
  const options = {
    gitPath: gitPath(),
    approvals: vscode.Uri.joinPath(context.globalStorageUri, 'approvals').fsPath,
  };
  if (process.platform !== 'linux') return openGit(options);
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'broker.cjs').fsPath;
  const broker = new Broker({ execPath: process.execPath, script, env: ownEnvironment() });
  return openGit({ ...options, start: broker.start });
}

/** What the broker itself needs; git's environment comes with each call. */
function ownEnvironment(): Readonly<Record<string, string | undefined>> {
  const nodes = Object.keys(process.env).filter((name) => name.startsWith('NODE_'));
  return { ...environmentFor(process.env, nodes), ...nodeEnvironment() };
}
