import * as vscode from 'vscode';
import { type SettingKey, commands, formerSettings, settingKeys } from './contract.ts';
import type { Expectation } from './settingRows.ts';
import { type SettingProblem, type Settings, readSetting } from './settings.ts';

/** Reads settings for a folder (or the window), anew at every call. */
export interface SettingsReader {
  /** The value, or the default when what is written has the wrong type. */
  read<K extends SettingKey>(key: K, scope?: vscode.Uri): Settings[K];
}

export const settingsReader: SettingsReader = {
  read: (key, scope) => readSetting(key, rawSetting(key, scope)),
};

function rawSetting(key: SettingKey, scope?: vscode.Uri): unknown {
  const config = vscode.workspace.getConfiguration(undefined, scope ?? null);
  const former = formerSettings[key];
  if (former !== undefined && !isSaid(config.inspect(key))) {
    const said = config.get<unknown>(former);
    if (said !== undefined) return said;
  }
  return config.get<unknown>(key);
}

/** Whether a person said it anywhere; else it is the default. */
function isSaid(found: ReturnType<vscode.WorkspaceConfiguration['inspect']>): boolean {
  return [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some(
    (value) => value !== undefined,
  );
}

/** Settings that do not fit, in every folder, once each. */
export function settingProblems(): readonly SettingProblem[] {
  const found = new Map<string, SettingProblem>();
  const folders = vscode.workspace.workspaceFolders?.map((folder) => folder.uri) ?? [];
  for (const scope of [undefined, ...folders]) {
    for (const key of settingKeys) {
      readSetting(key, rawSetting(key, scope), (problem) => {
        found.set(`${key} ${JSON.stringify(problem.value)}`, problem);
      });
    }
  }
  return [...found.values()];
}

/** Names the setting, the value found and the default that holds instead. */
export function settingSentence(problem: SettingProblem): string {
  const whole = JSON.stringify(problem.value);
  const shown = mayBeSecret(problem.key) ? '…' : whole.length > 80 ? `${whole.slice(0, 79)}…` : whole;
  if (problem.expected.kind === 'entry') {
    const facts = { key: problem.key, value: shown, why: problem.expected.why };
    return vscode.l10n.t('The setting {key} holds {value}, which is left out. {why}', facts);
  }
  return vscode.l10n.t('The setting {key} is {value}, but takes {expected}. Rigs uses {used} instead.', {
    key: problem.key,
    value: shown,
    expected: expectation(problem.expected),
    used: JSON.stringify(problem.used),
  });
}

/** Where a key may have been written by mistake, which no log is to show. */
function mayBeSecret(key: SettingKey): boolean {
  return key.startsWith('rigs.providers.') && !/\.(enabled|model)$/.test(key);
}

function expectation(expected: Exclude<Expectation, { kind: 'entry' }>): string {
  switch (expected.kind) {
    case 'wholeNumber':
      return vscode.l10n.t('a whole number from {min} to {max}', { min: expected.min, max: expected.max });
    case 'number':
      return vscode.l10n.t('a number from {min} to {max}', { min: expected.min, max: expected.max });
    case 'text':
      return vscode.l10n.t('a text');
    case 'model':
      return vscode.l10n.t('the name of a model, which begins with no dash');
    case 'trueOrFalse':
      return vscode.l10n.t('true or false');
    case 'listOfTexts':
      return vscode.l10n.t('a list of texts');
    case 'listOfWords':
      return vscode.l10n.t('a list of words (letters, digits and _)');
    case 'listOfAgentNames':
      return vscode.l10n.t('a list of names such as {example}', { example: 'claude-code' });
    case 'oneOf':
      return vscode.l10n.t('one of {values}', {
        values: expected.values.map((one) => JSON.stringify(one)).join(', '),
      });
    case 'customAgents':
      return vscode.l10n.t('a list of agents, each with "name" and "command"');
    case 'share':
      return vscode.l10n.t(
        'an object that names "link", "clone" or "copy" for each folder inside the repository',
      );
    case 'program':
      return vscode.l10n.t('null, or an object with "command" and "args"');
    case 'checks':
      return vscode.l10n.t(
        'null, or a list of checks with different names, each with "name", "command" and "args"',
      );
    case 'affinity':
      return vscode.l10n.t('an object of bead types, each with a number from 0 to 1 for each provider');
    case 'thresholds':
      return vscode.l10n.t(
        'an object of providers, each with "yellow" and "red" from 0 to 1, yellow not below red',
      );
    case 'budgets':
      return vscode.l10n.t(
        'an object with "bead", "convoy", "day" and "provider", each limited in "tokens" or "usd", not below 0',
      );
    case 'address':
      return vscode.l10n.t('an address that begins with http:// or https:// and holds no password');
    case 'variable':
      return vscode.l10n.t('the name of a variable such as {example}, never the key itself', {
        example: 'OPENAI_API_KEY',
      });
    case 'backend':
      return vscode.l10n.t('"auto", "none" or the name of a provider');
    case 'compatible':
      return vscode.l10n.t(
        'a list of endpoints with different names that no other provider has, each with "name", "baseUrl" and "model"',
      );
  }
}

/** Warns about settings that do not fit, now and whenever they change; each value once. `more`: what else is wrong. */
export function watchSettings(
  log: Pick<vscode.LogOutputChannel, 'warn'>,
  more: () => readonly SettingProblem[],
): vscode.Disposable {
  const told = new Set<string>();
  const look = (): void => {
    for (const problem of [...settingProblems(), ...more()]) {
      const sentence = settingSentence(problem);
      if (told.has(sentence)) continue;
      told.add(sentence);
      log.warn(sentence);
      void warn(problem.key, sentence);
    }
  };
  look();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('rigs')) look();
  });
}

async function warn(key: SettingKey, sentence: string): Promise<void> {
  const open = vscode.l10n.t('Open Setting');
  if ((await vscode.window.showWarningMessage(sentence, open)) === open) {
    await vscode.commands.executeCommand(commands.openSettings, key);
  }
}
