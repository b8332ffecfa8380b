import { defaultRouting, thresholdsOf } from '../town/routing.ts';
import type { Thresholds } from '../town/tank.ts';
import {
  type Config,
  type ConfigProblem,
  type Place,
  type SaidAt,
  type Whose,
  emptyConfig,
} from './config.ts';
import { answeredKeys, configKeys, namesIn } from './configKeys.ts';
import type { SettingKey } from './settingKeys.ts';
import { expectationOf, fitSetting } from './settings.ts';
import { readRule } from './approvalRules.ts';
import { readPrice } from './priceEntries.ts';
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
  const parts = [
    ...toml.entries.filter((one) => listOf(one) === null).map((one) => readEntry(one, whose)),
    ...lists.map((list) =>
      readList(
        list,
        toml.entries.filter((one) => listOf(one) === list),
        whose,
      ),
    ),
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

/** `[[…]]`: each is one entry of a setting that is a list. `names`: what an entry's keys are there. */
interface ListKey {
  readonly path: readonly string[];
  readonly setting: SettingKey;
  readonly names: Readonly<Record<string, string>>;
  /** What is wrong with one entry, which then does not count; without it all count together or not at all. */
  readonly fault?: (entry: unknown, place: Place) => ConfigProblem | null;
}

const lists: readonly ListKey[] = [
  {
    path: ['providers', 'compatible'],
    setting: 'rigs.providers.compatible',
    names: { name: 'name', base_url: 'baseUrl', model: 'model', api_key_env: 'apiKeyEnv' },
  },
  {
    path: ['prices'],
    setting: 'rigs.prices',
    names: {
      ...{ provider: 'provider', model: 'model', input: 'input', cached_input: 'cachedInput' },
      ...{ output: 'output', currency: 'currency', as_of: 'asOf', source: 'source' },
    },
    fault: (entry, place) => {
      const read = readPrice(entry);
      return 'fault' in read ? { code: 'price', fault: read.fault, place } : null;
    },
  },
  {
    path: ['refinery', 'auto_approve'],
    setting: 'rigs.refinery.autoApprove',
    names: {
      ...{ paths: 'paths', max_lines: 'maxLines', types: 'types', providers: 'providers' },
      ...{ labels: 'labels', checks: 'checks' },
    },
    fault: (entry, place) => {
      const read = readRule(entry, 0);
      return 'fault' in read ? { code: 'rule', fault: read.fault, place } : null;
    },
  },
];

function listOf({ path }: TomlEntry): ListKey | null {
  return lists.find((one) => one.path.every((name, at) => path[at] === name)) ?? null;
}

function readList(list: ListKey, entries: readonly TomlEntry[], whose: Whose): Config {
  const [first] = entries;
  if (first === undefined) return emptyConfig;
  const { place } = first;
  const { setting, names, fault } = list;
  const key = list.path.join('.');
  if (whose === 'repository') return { said: [], problems: [{ code: 'not_yours', key, place }] };
  const found = new Map<number, { readonly place: Place; readonly entry: Record<string, unknown> }>();
  const problems: ConfigProblem[] = [];
  for (const { path, value, place: at } of entries) {
    const [index, name = ''] = path.slice(list.path.length);
    const known = typeof name === 'string' && Object.hasOwn(names, name) ? names[name] : undefined;
    if (typeof index !== 'number' || path.length !== list.path.length + 2 || known === undefined)
      problems.push({
        code: 'unknown_key',
        key: path.filter((one) => typeof one === 'string').join('.'),
        place: at,
      });
    else {
      const { place: begin = at, entry = {} } = found.get(index) ?? {};
      found.set(index, { place: begin, entry: { ...entry, [known]: value } });
    }
  }
  const good = [...found.values()].filter(({ entry, place: at }) => {
    const problem = fault?.(entry, at) ?? null;
    if (problem !== null) problems.push(problem);
    return problem === null;
  });
  const value = fitSetting(
    setting,
    good.map(({ entry }) => entry),
  );
  if (value === undefined)
    problems.push({ code: 'wrong_value', key, expected: expectationOf(setting), place });
  return {
    said: value === undefined ? [] : [{ setting, inside: [], value, key, place }],
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
    const value: Thresholds = {
      ...thresholdsOf(defaultRouting, provider),
      ...Object.fromEntries(both.map(({ inside: [, level = ''], value: at }) => [level, at])),
    };
    if (value.yellow >= value.red) kept.push({ ...first, inside: [provider], value });
    else found.push({ code: 'thresholds', provider, place: (both.at(-1) ?? first).place });
  }
  return { said: kept, problems: found };
}
