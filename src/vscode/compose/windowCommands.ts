import * as vscode from 'vscode';
import { AssayerError } from '../../assayer/assayerError.ts';
import { plannerErrorWords } from '../../assayer/plannerWords.ts';
import { notFound, refused } from '../../cli/commandError.ts';
import type { Person, PlanReply, RigSource } from '../../cli/reach.ts';
import type { Account } from '../../ports/account.ts';
import type { ModelAccess, Models } from '../../ports/models.ts';
import { builtIn } from '../../town/polecat.ts';
import { openModels } from '../../providers/models.ts';
import { plainEnglish } from '../../words/translate.ts';
import type { ConfigFiles } from '../config/configFiles.ts';
import { configuration } from '../config/configuration.ts';
import { planText } from '../goal/planText.ts';
import { switchRunner } from '../switchRunner.ts';
import type { Town } from '../town.ts';
import type { WindowCommands } from './rigParts.ts';

/** What the `rigs` command reaches in this window beyond one rig, whose folder is given. */
export function windowCommands(
  folder: string,
  town: Pick<Town, 'open' | 'files' | 'tellTanks'>,
  account: () => Promise<Account>,
  showTerminal: Person['showTerminal'],
  config: ConfigFiles,
): WindowCommands {
  return {
    person: { ...personOf(folder, town, account), showTerminal },
    configuration: () => configuration(config, folder, plainEnglish),
    plan: async (rig, agents, goal, signal): Promise<PlanReply> => {
      const access = await agents.assayer('planner');
      if (access === null)
        return {
          ok: false,
          message: 'No model is there to plan with. Set one: "Rigs: Set API Key…".',
        };
      const open = (to: ModelAccess): Promise<Models> => Promise.resolve(openModels(to));
      try {
        const wish = { control: rig, access, goal, signal, onHint: () => undefined };
        return { ok: true, text: await planText({ town, openModels: open }, wish) };
      } catch (error) {
        if (!AssayerError.is(error)) throw error;
        return { ok: false, message: plannerErrorWords(error, plainEnglish) };
      }
    },
  };
}

function personOf(
  folder: string,
  town: Pick<Town, 'open'>,
  account: () => Promise<Account>,
): Omit<Person, 'showTerminal'> {
  return {
    rigs: async () => (await account()).rigs(),
    addRig: (source) => addRig(town, source),
    removeRig: async (root) => {
      const person = await account();
      const found = (await person.rigs()).find((one) => one.root === root);
      if (found === undefined) throw notFound(`No rig of yours is at ${root}. \`rigs rig list\` shows them.`);
      await person.forgetRig(found.rig);
    },
    enableProvider: async (which, enabled) => {
      if (!(await switchRunner(which, enabled, folder)))
        throw refused(
          which.runner === builtIn
            ? `${which.provider} is an endpoint of your own: edit the setting rigs.providers.compatible.`
            : `${which.runner} is an agent of your own: edit the setting rigs.agents.custom.`,
        );
    },
  };
}

async function addRig(
  town: Pick<Town, 'open'>,
  source: RigSource,
): Promise<{ readonly name: string; readonly root: string }> {
  if ('url' in source)
    throw refused(`Clone it first (git clone ${source.url}), then say: rigs rig add <its folder>.`);
  const control = await town.open(vscode.Uri.file(source.path));
  if (control === null) throw refused(`${source.path} could not be opened; the window says why.`);
  const { root } = control.repository;
  return { name: control.state.rig?.name ?? root, root };
}
