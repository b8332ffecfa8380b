import * as vscode from 'vscode';
import type { RunnerState } from '../ports/agents.ts';
import { apiVendors } from '../ports/apis.ts';
import { builtIn } from '../town/polecat.ts';
import type { SettingKey } from '../config/settingKeys.ts';
import { vendorSettings } from './contract.ts';

/**
 * Switches a runner on or off for the folder of a rig. Where it is said now, there it is said otherwise; else it is
 * said for the person everywhere. False: an agent of the person's own, which is listed in a setting or is not.
 */
export async function switchRunner(
  which: Pick<RunnerState, 'runner' | 'provider'>,
  enabled: boolean,
  folder: string,
): Promise<boolean> {
  const key = enabledKey(which);
  if (key === null) return false;
  const config = vscode.workspace.getConfiguration(undefined, vscode.Uri.file(folder));
  const found = config.inspect(key);
  const place =
    found?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : found?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await config.update(key, enabled, place);
  return true;
}

function enabledKey({ runner, provider }: Pick<RunnerState, 'runner' | 'provider'>): SettingKey | null {
  if (runner === builtIn) {
    const api = apiVendors.find((one) => one === provider);
    return api === undefined ? null : `rigs.providers.${api}.enabled`;
  }
  const vendor = Object.entries(vendorSettings).find(([one]) => one === runner)?.[1];
  return vendor === undefined ? null : `rigs.${vendor}.enabled`;
}
