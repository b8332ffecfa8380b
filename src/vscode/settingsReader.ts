import * as vscode from 'vscode';
import { type Config, emptyConfig } from '../config/config.ts';
import { type SettingKey, formerSettings, settingKeys } from '../config/settingKeys.ts';
import type { SettingProblem, Settings } from '../config/settings.ts';
import { settle } from '../config/precedence.ts';
import { settingSentence } from '../words/settings.ts';
import { commands } from './contract.ts';
import { translate as t } from './translate.ts';

/** Reads settings for a folder (or the window), anew at every call. */
export interface SettingsReader {
  /** The value, or the default when what is written has the wrong type. */
  read<K extends SettingKey>(key: K, scope?: vscode.Uri): Settings[K];
}

/** What configuration files say for a folder (or the window). */
export interface ConfigLayers {
  readonly repository: Config;
  readonly person: Config;
}

const noFiles = (): ConfigLayers => ({ repository: emptyConfig, person: emptyConfig });
let layersOf: (scope?: vscode.Uri) => ConfigLayers = noFiles;

/** From now on configuration files count too; until then, and after it is disposed of, only the editor's settings. */
export function layerSettings(layers: typeof layersOf): vscode.Disposable {
  layersOf = layers;
  return new vscode.Disposable(() => {
    if (layersOf === layers) layersOf = noFiles;
  });
}

export const settingsReader: SettingsReader = {
  read: (key, scope) => settle(key, { editor: saidInEditor(key, scope)?.value, ...layersOf(scope) }),
};

/** Where in the editor a setting was said, the weightiest place first. */
const places = ['workspaceFolderValue', 'workspaceValue', 'globalValue'] as const;
export type EditorPlace = 'folder' | 'workspace' | 'user';
const placeNames = {
  workspaceFolderValue: 'folder',
  workspaceValue: 'workspace',
  globalValue: 'user',
} as const;

export interface SaidInEditor {
  readonly value: unknown;
  readonly place: EditorPlace;
  /** The name it was said under. */
  readonly key: string;
}

/** What a person said in the editor; null: nothing, so that files and the default count. */
export function saidInEditor(key: SettingKey, scope?: vscode.Uri): SaidInEditor | null {
  const config = vscode.workspace.getConfiguration(undefined, scope ?? null);
  const found = config.inspect(key);
  const place = places.find((one) => found?.[one] !== undefined);
  // Not what that place says alone: objects are joined over all of them.
  if (place !== undefined) return { value: config.get<unknown>(key), place: placeNames[place], key };
  const former = formerSettings[key];
  // Of a name that nobody registers any more, the editor takes a workspace's word too; only the person's counts.
  const value = former === undefined ? undefined : config.inspect(former)?.globalValue;
  return former === undefined || value === undefined ? null : { value, place: 'user', key: former };
}

/** Settings that do not fit, in every folder, once each. */
export function settingProblems(): readonly SettingProblem[] {
  const found = new Map<string, SettingProblem>();
  const folders = vscode.workspace.workspaceFolders?.map((folder) => folder.uri) ?? [];
  for (const scope of [undefined, ...folders]) {
    for (const key of settingKeys) {
      const editor = saidInEditor(key, scope)?.value;
      settle(key, { editor, ...layersOf(scope) }, (problem) => {
        found.set(`${key} ${JSON.stringify(problem.value)}`, problem);
      });
    }
  }
  return [...found.values()];
}

/** Warns about settings that do not fit, now and whenever they change; each value once. `more`: what else is wrong. */
export function watchSettings(
  log: Pick<vscode.LogOutputChannel, 'warn'>,
  more: () => readonly SettingProblem[],
): vscode.Disposable {
  const told = new Set<string>();
  const look = (): void => {
    for (const problem of [...settingProblems(), ...more()]) {
      const sentence = settingSentence(problem, t);
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
