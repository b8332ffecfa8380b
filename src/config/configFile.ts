import { defaultRouting, defaultThresholds } from '../town/routing.ts';
import type { Thresholds } from '../town/tank.ts';
import { type Config, type ConfigProblem, type SaidAt, type Whose, emptyConfig } from './config.ts';
import { answeredKeys, configKeys, namesIn } from './configKeys.ts';
import type { SettingKey } from './settingKeys.ts';
import { expectationOf, fitSetting } from './settings.ts';
import { type TomlEntry, readToml } from './toml.ts';

/** More than anybody configures; what is longer is not read at all. */
export const longestConfig = 65_536;

/** Reads the text of a `config.toml`. What is wrong in it is left out and named; the rest counts. */
export function readConfig(text: string, whose: Whose): Config {
  const toml = readToml(text);
  if (!toml.ok) {
    const { problem } = toml;
    return {
      said: [],
      problems: [
        problem.kind === 'deep'
          ? { code: 'deep', place: problem.place }
          : { code: 'syntax', message: problem.message, place: problem.place },
      ],
    };
  }
  const isEndpoint = ({ path }: TomlEntry): boolean => path[0] === 'providers' && path[1] === 'compatible';
  const parts = [
    ...toml.entries.filter((one) => !isEndpoint(one)).map((one) => readEntry(one, whose)),
    readEndpoints(toml.entries.filter(isEndpoint), whose),
  ];
  return orderedThresholds({
    said: parts.flatMap(({ said }) => said),
    problems: parts.flatMap(({ problems }) => problems),
  });
}

function readEntry({ path, value, place }: TomlEntry, whose: Whose): Config {
  const key = path.join('.');
  const wrong = (problem: ConfigProblem): Config => ({ said: [], problems: [problem] });
  const answered = answeredKeys.find((one) => namesIn(one.path, path) !== null);
  if (answered !== undefined) return wrong({ code: 'answered', key, answer: answered.answer, place });
  for (const row of configKeys) {
    const names = namesIn(row.path, path);
    if (names === null) continue;
    if (whose === 'repository' && row.anybody !== true) return wrong({ code: 'not_yours', key, place });
    const said = row.read(value, names);
    return said === undefined
      ? wrong({ code: 'wrong_value', key, expected: row.expected, place })
      : { said: said.map((one) => ({ ...one, key, place })), problems: [] };
  }
  // A table without anything in it does no harm.
  if (isEmpty(value)) return emptyConfig;
  return wrong({ code: 'unknown_key', key, place });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

const compatible: SettingKey = 'rigs.providers.compatible';
const compatibleKey = 'providers.compatible';
const endpointKeys: Readonly<Record<string, string>> = {
  name: 'name',
  base_url: 'baseUrl',
  model: 'model',
  api_key_env: 'apiKeyEnv',
};

/** `[[providers.compatible]]`: each is one endpoint; they count together or not at all, as in the setting. */
function readEndpoints(entries: readonly TomlEntry[], whose: Whose): Config {
  const [first] = entries;
  if (first === undefined) return emptyConfig;
  const { place } = first;
  if (whose === 'repository')
    return { said: [], problems: [{ code: 'not_yours', key: compatibleKey, place }] };
  const found = new Map<number, Record<string, unknown>>();
  const problems: ConfigProblem[] = [];
  for (const { path, value, place: at } of entries) {
    const [, , index, name = ''] = path;
    const known =
      typeof name === 'string' && Object.hasOwn(endpointKeys, name) ? endpointKeys[name] : undefined;
    if (typeof index !== 'number' || path.length !== 4 || known === undefined)
      problems.push({
        code: 'unknown_key',
        key: path.filter((one) => typeof one === 'string').join('.'),
        place: at,
      });
    else found.set(index, { ...found.get(index), [known]: value });
  }
  const value = fitSetting(compatible, [...found.values()]);
  const expected = expectationOf(compatible);
  if (value === undefined) problems.push({ code: 'wrong_value', key: compatibleKey, expected, place });
  return {
    said: value === undefined ? [] : [{ setting: compatible, inside: [], value, key: compatibleKey, place }],
    problems,
  };
}

const thresholds: SettingKey = 'rigs.tanks.thresholds';

/**
 * Whoever says one threshold of a provider says both, the other as it is by default: two files that each fit would else
 * make one together that does not.
 */
function orderedThresholds({ said, problems }: Config): Config {
  const isOne = ({ setting }: SaidAt): boolean => setting === thresholds;
  const byProvider = new Map<string, SaidAt[]>();
  for (const one of said.filter(isOne)) {
    const [provider = ''] = one.inside;
    byProvider.set(provider, [...(byProvider.get(provider) ?? []), one]);
  }
  const kept: SaidAt[] = said.filter((one) => !isOne(one));
  const found: ConfigProblem[] = [...problems];
  for (const [provider, both] of byProvider) {
    const first = both[0];
    if (first === undefined) continue;
    const byDefault = Object.hasOwn(defaultRouting.thresholds, provider)
      ? (defaultRouting.thresholds[provider] ?? defaultThresholds)
      : defaultThresholds;
    const value: Thresholds = {
      ...byDefault,
      ...Object.fromEntries(both.map(({ inside: [, level = ''], value: at }) => [level, at])),
    };
    if (value.yellow >= value.red) kept.push({ ...first, inside: [provider], value });
    else found.push({ code: 'thresholds', provider, place: (both.at(-1) ?? first).place });
  }
  return { said: kept, problems: found };
}
