import * as vscode from 'vscode';
import type { CheckDefinition } from '../../town/check.ts';
import { checkTerms } from '../../words/checkTerms.ts';
import { visible } from '../../words/plain.ts';
import type { SettingKey } from '../../config/settingKeys.ts';
import { commands } from '../contract.ts';
import { tell } from '../say.ts';
import type { OpenRig } from '../subject.ts';
import { rigs, target } from '../targets.ts';
import { withoutMarkup } from '../text.ts';
import type { Handlers, Tools } from '../tools.ts';
import { translate } from '../translate.ts';

export function checkCommands(tools: Tools): Handlers<typeof commands.confirmChecks> {
  return {
    [commands.confirmChecks]: async (...args) => {
      await confirmChecks(tools, args);
    },
  };
}

interface Proposal {
  readonly rig: OpenRig;
  readonly definitions: readonly CheckDefinition[];
  readonly hash: string;
}

/** What decides whether work is good is confirmed by a person, command line by command line. */
async function confirmChecks(tools: Tools, args: readonly unknown[]): Promise<void> {
  const proposal = await findProposal(tools, args);
  if (proposal === null) return;
  const definitions = await pickChecks(proposal);
  if (definitions === null || (definitions.length === 0 && !(await withoutChecks()))) return;
  await tools.wish(proposal.rig.control, {
    type: 'confirmChecks',
    // The proposal's own hash: this very proposal is answered, also when only a part of it was taken.
    checks: { definitions, hash: proposal.hash, confirmedAt: Date.now() },
  });
}

/** Null: called off. */
async function pickChecks(proposal: Proposal): Promise<readonly CheckDefinition[] | null> {
  if (proposal.definitions.length === 0) return [];
  const picked = await vscode.window.showQuickPick(
    proposal.definitions.map((definition) => ({
      label: withoutMarkup(definition.name),
      description: commandLine(definition),
      detail: withoutMarkup(checkTerms(definition, translate).join(' · ')),
      picked: true,
      definition,
    })),
    {
      canPickMany: true,
      title: vscode.l10n.t('Confirm Checks of {rig}', { rig: withoutMarkup(proposal.rig.name) }),
      placeHolder: vscode.l10n.t(
        'These commands prove every change before it lands. Others: setting rigs.checks',
      ),
    },
  );
  return picked?.map((one) => one.definition) ?? null;
}

async function withoutChecks(): Promise<boolean> {
  const land = vscode.l10n.t('Land without Checks');
  const name = vscode.l10n.t('Name Checks…');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Let work land without any check?'),
    { modal: true, detail: vscode.l10n.t('Nothing would prove it then.') },
    land,
    name,
  );
  if (chosen === name) await vscode.commands.executeCommand(commands.openSettings, checksSetting);
  return chosen === land;
}

const checksSetting: SettingKey = 'rigs.checks';

async function findProposal(tools: Tools, args: readonly unknown[]): Promise<Proposal | null> {
  const open = await target(tools, args, rigs, {
    title: vscode.l10n.t('Confirm Checks of a Rig'),
    nothing: vscode.l10n.t('No rig is open.'),
    takeOnly: true,
  });
  if (open === null) return null;
  const { asks: questions, rig } = open.it.control.state;
  const ask = Object.values(questions).find((one) => one.answer === null && one.subject.kind === 'checks');
  if (ask?.subject.kind === 'checks') return { rig: open.it, ...ask.subject };
  const confirmedOnes = rig?.checks ?? null;
  if (confirmedOnes !== null && confirmedOnes.definitions.length > 0)
    return { rig: open.it, ...confirmedOnes };
  tell(
    vscode.l10n.t(
      'There are no checks to confirm. Name the commands that prove work in the setting rigs.checks.',
    ),
  );
  return null;
}

function commandLine({ command, args }: CheckDefinition): string {
  return withoutMarkup(visible([command, ...args].join(' ')));
}
