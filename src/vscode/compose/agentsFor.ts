import path from 'node:path';
import * as vscode from 'vscode';
import type { Agents } from '../../ports/agents.ts';
import type { Git, Repository } from '../../ports/git.ts';
import { playbookFor, readPlaybook } from '../../providers/rehearsal/playbooks.ts';
import { startRehearsal } from '../../providers/rehearsal/launch.ts';
import { chooseAssayer } from '../../assayer/roles.ts';
import { type LentModels, apiProviders } from '../../providers/apiProvider.ts';
import type { Rehearsal } from '../../providers/roster.ts';
import { setVendors } from '../../providers/vendors.ts';
import { providerKey } from '../providerKey.ts';
import { LaunchedModes } from '../launchedModes.ts';
import { nodeEnvironment } from './nodeEnvironment.ts';
import type { RigSettings } from './rigSettings.ts';
import type { RigsInstall } from './rigsInstall.ts';
import { WindowRoster } from './windowRoster.ts';

/** Set by Rigs itself in the repositories it makes for rehearsing; local, so that no clone brings it along. */
const rehearsalKey = 'rigs.rehearsal';

export interface AgentParts {
  readonly context: vscode.ExtensionContext;
  readonly git: Git;
  readonly repository: Repository;
  readonly settings: RigSettings;
  readonly stateFolder: string;
  readonly rigs: RigsInstall;
  /** Models of the editor that agents may use now. */
  readonly lent: () => LentModels | null;
}

/** What a rig's work can run with, from the person's settings and keys and the repository's own mark. */
export async function agentsFor(parts: AgentParts): Promise<Agents> {
  const { context, git, repository, settings, stateFolder, rigs, lent } = parts;
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath;
  const media = vscode.Uri.joinPath(context.extensionUri, 'media', 'rehearsal').fsPath;
  const mark = await git.localConfig(repository, rehearsalKey);
  const env = nodeEnvironment();
  const rehearsalOf = (playbook: string): Rehearsal => ({
    start: () =>
      startRehearsal({
        home: path.join(stateFolder, 'rehearsal'),
        playbook,
        execPath: process.execPath,
        script: path.join(dist, 'rehearsal.cjs'),
        env,
      }),
    goals: async () => (await readPlaybook(playbook)).playbook.goals.map((one) => one.goal),
  });
  const modes = new LaunchedModes(context.globalState);
  return new WindowRoster({
    rehearsal: mark === null ? null : rehearsalOf(playbookFor(mark, media)),
    apis: () =>
      apiProviders(
        settings.apis(),
        (provider, variable) => providerKey(context.secrets, provider, variable),
        lent(),
      ),
    assayer: (role, askable, use) => {
      const chosen = chooseAssayer(role, settings.assayer(), askable, use);
      return chosen.ok ? chosen : null;
    },
    worker: { file: process.execPath, args: [path.join(dist, 'worker.cjs')], env },
    vendors: () =>
      setVendors({
        vendors: settings.vendors(),
        custom: settings.customAgents(),
        order: settings.agentOrder(),
        launcher: { file: process.execPath, args: [path.join(dist, 'thenDone.cjs')], env },
      }),
    rigs,
    launched: (caller, mode) => modes.note(repository.commonDir, caller, mode),
  });
}
