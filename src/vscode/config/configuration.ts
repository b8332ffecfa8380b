import * as vscode from 'vscode';
import { type Configuration, type HeldSetting, type SaidAt, emptyConfig } from '../../config/config.ts';
import { isMerged, settle } from '../../config/precedence.ts';
import { type SettingKey, settingKeys } from '../../config/settingKeys.ts';
import { configProblemWords, settingSentence } from '../../words/settings.ts';
import type { Translate } from '../../words/translate.ts';
import { visibleLines } from '../../words/plain.ts';
import { saidInEditor } from '../settingsReader.ts';
import type { ConfigFile, ConfigFiles } from './configFiles.ts';
import { sentencesOf } from './configMarks.ts';

/** What holds for a rig, and what is not followed. `root` null: of no rig. */
export function configuration(files: ConfigFiles | null, root: string | null, t: Translate): Configuration {
  const scope = root === null ? undefined : vscode.Uri.file(root);
  const ours = files?.of(root) ?? [];
  const refused: string[] = [];
  const settings = settingKeys.map((key): HeldSetting => {
    const editor = saidInEditor(key, scope);
    const before = refused.length;
    const layers = files?.layers(root) ?? noLayers;
    const value = settle(key, { editor: editor?.value, ...layers }, (problem) => {
      refused.push(settingSentence(problem, t));
    });
    const fits = refused.length === before;
    const said =
      fits && editor !== null ? [editorWords(editor.place, key === editor.key ? null : editor.key, t)] : [];
    const inFiles = ours.flatMap((file) => filePlaces(file, key, t));
    return { key, value: shown(key, value), from: [...said, ...inFiles] };
  });
  return { settings: settings.map(onlyThoseThatCount), refused: [...refused, ...ours.flatMap(refusedOf(t))] };
}

const noLayers = { repository: emptyConfig, person: emptyConfig };

/** Where nothing is joined, only the first counts. */
function onlyThoseThatCount(held: HeldSetting): HeldSetting {
  return isMerged(held.key) ? held : { ...held, from: held.from.slice(0, 1) };
}

function refusedOf(t: Translate): (file: ConfigFile) => readonly string[] {
  return (file) => [
    ...sentencesOf(file, t),
    ...file.config.problems
      .filter(({ code }) => code === 'answered')
      .map((one) => configProblemWords(one, t)),
  ];
}

/** Variables of agents of the person's own may hold keys. */
function shown(key: SettingKey, value: unknown): unknown {
  if (key !== 'rigs.agents.custom' || !Array.isArray(value)) return value;
  return value.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'env' in one ? { ...one, env: '…' } : one,
  );
}

function editorWords(place: 'folder' | 'workspace' | 'user', former: string | null, t: Translate): string {
  const words = {
    folder: t('settings of the folder'),
    workspace: t('settings of the workspace'),
    user: t('your settings'),
  }[place];
  return former === null ? words : t('{place}, under its former name {name}', { place: words, name: former });
}

/** The last one that a file says of a setting, or each of those that are joined. */
function filePlaces({ file, config }: ConfigFile, key: SettingKey, t: Translate): readonly string[] {
  const said = config.said.filter(({ setting }) => setting === key);
  const counted = isMerged(key) ? said : said.slice(-1);
  return counted.map(({ place }: SaidAt) => t('{file}, line {line}', { file, line: place.line + 1 }));
}

/** As a document: what holds, whence, and what is refused and why. */
export function configurationText({ settings, refused }: Configuration, title: string, t: Translate): string {
  const line = ({ key, value, from }: HeldSetting): string => {
    const where = from.length === 0 ? t('default') : from.join('; ');
    return `${key} = ${visibleLines(JSON.stringify(value))}\n    ${visibleLines(where)}`;
  };
  const isSet = ({ from }: HeldSetting): boolean => from.length > 0;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [t('Set'), settings.filter(isSet).map(line)],
    [t('Not followed'), refused.map((one) => `- ${visibleLines(one)}`)],
    [t('By default'), settings.filter((one) => !isSet(one)).map(line)],
  ];
  const precedence = t(
    'What is said in the editor’s settings goes before the repository’s .rigs/config.toml, that before your own config.toml, and that before the default. A repository’s file may only say how providers are chosen and which models the assayer asks.',
  );
  return [
    `# ${visibleLines(title)}`,
    precedence,
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) => `## ${name}\n\n${lines.join('\n')}`),
    '',
  ].join('\n\n');
}
