import * as vscode from 'vscode';
import { timed } from '../ratio.ts';
import { tell } from './tell.ts';

/** Inside an extension host: how long the host needs to load and activate Rigs. */
export async function run(): Promise<void> {
  const rigs = vscode.extensions.getExtension('rigs.rigs');
  if (rigs === undefined) throw new Error('the extension is not known to this host');
  if (rigs.isActive) throw new Error('the extension was active before it could be measured');
  await tell({ ms: await timed(() => rigs.activate()) });
}
