import * as vscode from 'vscode';
import type { RunnerState } from '../../ports/agents.ts';
import { visible } from '../../words/plain.ts';
import { builtIn } from '../../town/polecat.ts';
import type { SettingKey } from '../../config/settingKeys.ts';
import { commands } from '../contract.ts';
import { tell } from '../say.ts';
import { switchRunner } from '../switchRunner.ts';
import type { Target } from '../targets.ts';
import { runnerLook } from '../terminalLook.ts';
import { offerLine } from '../terminals.ts';
import { plain, withoutMarkup } from '../text.ts';
import type { Tools } from '../tools.ts';

/** Types the install command into a terminal and leaves Enter to the person: what is installed is theirs to decide. */
export function install({ it }: Target<RunnerState>): void {
  const line = it.problem?.kind === 'missing' ? it.problem.install : null;
  const name = withoutMarkup(it.name);
  if (line === null || line !== visible(line)) {
    tell(
      vscode.l10n.t('How {agent} is installed is not known here. Its maker’s pages say it.', { agent: name }),
    );
    return;
  }
  offerLine(vscode.l10n.t('Install {agent}', { agent: plain(it.name, 40) }), 'cloud-download', line);
}

/** The vendor's own program asks for the login in its own words; Rigs never sees it. */
export function logIn({ rig, it }: Target<RunnerState>): void {
  if (it.program === null) return;
  const { icon, color } = runnerLook(it.runner);
  vscode.window
    .createTerminal({
      name: vscode.l10n.t('Log In: {agent}', { agent: plain(it.name, 40) }),
      shellPath: it.program.file,
      cwd: rig.folder,
      iconPath: new vscode.ThemeIcon(icon),
      color: new vscode.ThemeColor(color),
      isTransient: true,
    })
    .show();
}

export async function enable(
  tools: Tools,
  { rig, it }: Target<RunnerState>,
  enabled: boolean,
): Promise<void> {
  if (!(await switchRunner(it, enabled, rig.folder))) {
    const own: SettingKey = it.runner === builtIn ? 'rigs.providers.compatible' : 'rigs.agents.custom';
    await vscode.commands.executeCommand(commands.openSettings, own);
    return;
  }
  await tools.agents.refresh(rig.control);
}
