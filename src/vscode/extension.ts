import type * as vscodeApi from 'vscode';
import * as vscode from 'vscode';
import { createChecks } from '../foreman/checks/checks.ts';
import { openModels } from '../providers/models.ts';
import { gitPath } from './compose/gitPath.ts';
import { WindowTown } from './compose/windowTown.ts';
import { offerRigs } from './path/offerRigs.ts';
import { type Started, createSurface } from './surface.ts';
import { createCheckTests } from './tests/checkTests.ts';
import { tryRehearsal } from './compose/tryRehearsal.ts';

/** Everything behind the loader: puts the window's town together and shows it. */
export async function start(context: vscodeApi.ExtensionContext): Promise<Started> {
  const log = vscode.window.createOutputChannel('Rigs', { log: true });
  const town = new WindowTown(context, log);
  const surface = createSurface({
    context,
    town,
    log,
    config: town.config,
    openModels,
    tryRehearsal: () => tryRehearsal(context, gitPath()),
    rigsBin: async () => (await town.rigsCommand.ready())?.bin ?? null,
  });
  const tests = createCheckTests({ town, checks: createChecks() });
  // A terminal finds `rigs` also where no rig is open yet; that it could not be made is in the log. No rig waits for it:
  // agents of a window that was reloaded are given up after a while.
  void town.rigsCommand
    .ready()
    .then((rigs) => (rigs === null ? undefined : offerRigs(context, rigs.bin, log)))
    .catch((error: unknown) => {
      log.error('The rigs command could not be put into terminals.', error);
    });
  await town.openKnown();
  return {
    ...surface,
    dispose: async () => {
      tests.dispose();
      await surface.dispose();
      await town.close();
      log.dispose();
    },
  };
}
