import type { Config, SaidAt } from './config.ts';
import type { SettingKey } from './settingKeys.ts';
import { type SettingProblem, type Settings, expectationOf, fitSetting, readSetting } from './settings.ts';

/** Who says what, the weightiest first: the editor's settings, the repository's file, the person's file, nobody. */
export interface Layers {
  /** What the editor's settings say; undefined: nothing. */
  readonly editor: unknown;
  readonly repository: Config;
  readonly person: Config;
}

/** Settings of which each entry counts by itself, so that one may stand here and another there. */
export const mergedSettings: readonly SettingKey[] = [
  'rigs.routing.affinity',
  'rigs.tanks.thresholds',
  'rigs.budgets',
];

/** What holds; what does not fit is told to `onProblem` with what holds instead. */
export function settle<K extends SettingKey>(
  key: K,
  { editor, repository, person }: Layers,
  onProblem?: (problem: SettingProblem) => void,
): Settings[K] {
  const files = filesSay(key, { repository, person });
  const below = readSetting(key, files);
  if (editor === undefined) return below;
  const alone = fitSetting(key, editor);
  if (alone === undefined) {
    onProblem?.({ key, value: editor, expected: expectationOf(key), used: below });
    return below;
  }
  return files !== undefined && isMerged(key) ? readSetting(key, merged(files, editor)) : alone;
}

function filesSay(key: SettingKey, { repository, person }: Pick<Layers, 'repository' | 'person'>): unknown {
  const [ours, theirs] = [saidBy(person, key), saidBy(repository, key)];
  if (ours === undefined || theirs === undefined) return theirs ?? ours;
  return isMerged(key) ? merged(ours, theirs) : theirs;
}

/** What a file says of a setting, as the editor's would be written; undefined: nothing. */
function saidBy({ said }: Config, key: SettingKey): unknown {
  return said
    .filter(({ setting }) => setting === key)
    .reduce<unknown>((sum, one) => merged(sum, nested(one)), undefined);
}

function nested({ inside, value }: SaidAt): unknown {
  return inside.reduceRight<unknown>((sum, name) => ({ [name]: sum }), value);
}

export function isMerged(key: SettingKey): boolean {
  return mergedSettings.includes(key);
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both, entry by entry; where they differ, `over` counts. Names were checked: none is a word of JavaScript's own. */
function merged(under: unknown, over: unknown): unknown {
  if (!isPlain(under) || !isPlain(over)) return over;
  const sum = new Map<string, unknown>(Object.entries(under));
  for (const [name, value] of Object.entries(over)) sum.set(name, merged(sum.get(name), value));
  return Object.fromEntries(sum);
}
