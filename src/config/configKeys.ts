import { beadTypes } from '../town/bead.ts';
import type { Expectation } from './settingRows.ts';
import type { Answer, Said } from './config.ts';
import type { SettingKey } from './settingKeys.ts';
import { expectationOf, fitSetting } from './settings.ts';
import { isProviderName, number } from './tankRows.ts';
import { refineryStyles } from '../town/queueSettings.ts';

/** What a key of `config.toml` is for; `names` are what stands where its path has a `*`. */
export interface ConfigKey {
  readonly path: readonly string[];
  /** A repository may say it too: it neither runs nor permits anything, and spends nothing. */
  readonly anybody?: true;
  readonly expected: Expectation;
  /** Undefined: not what the key takes. */
  readonly read: (value: unknown, names: readonly string[]) => readonly Said[] | undefined;
}

/** A key of the first seed whose job something else does. */
export interface AnsweredKey {
  readonly path: readonly string[];
  readonly answer: Answer;
}

/** A key that says one setting, in the words of that setting. */
function plainKey(path: string, setting: SettingKey, anybody?: true): ConfigKey {
  return {
    path: path.split('.'),
    ...(anybody === undefined ? {} : { anybody }),
    expected: expectationOf(setting),
    read: (value) => {
      const read = fitSetting(setting, value);
      return read === undefined ? undefined : [{ setting, inside: [], value: read }];
    },
  };
}

/** A key that says a number somewhere inside a setting. `inside`: with the names put in for each `*`. */
function numberKey(
  path: string,
  setting: SettingKey,
  inside: readonly string[],
  { max, anybody }: { readonly max: number; readonly anybody?: true },
): ConfigKey {
  const row = number(0, 0, max);
  return {
    path: path.split('.'),
    ...(anybody === undefined ? {} : { anybody }),
    expected: row.expected,
    read: (value, names) => {
      const found = row.read(value);
      if (found === undefined) return undefined;
      const left = [...names];
      return [
        { setting, inside: inside.map((one) => (one === '*' ? (left.shift() ?? one) : one)), value: found },
      ];
    },
  };
}

/** A provider with a command line and an API: what is switched off is both. */
function bothOf(name: 'claude' | 'gemini', commandLine: SettingKey, api: SettingKey): ConfigKey {
  return {
    path: ['providers', name, 'enabled'],
    expected: { kind: 'trueOrFalse' },
    read: (value) => {
      if (typeof value !== 'boolean') return undefined;
      const said: Said[] = [{ setting: commandLine, inside: [], value }];
      return value ? said : [...said, { setting: api, inside: [], value }];
    },
  };
}

const useOllama: ConfigKey = {
  path: ['assayer', 'use_ollama'],
  expected: { kind: 'trueOrFalse' },
  read: (value) =>
    typeof value === 'boolean'
      ? [{ setting: 'rigs.assayer.backend', inside: [], value: value ? 'ollama' : 'deepseek' }]
      : undefined,
};

/** Where the forge merges, branches are pushed: no repository says that. */
const mergedHere: ConfigKey = {
  path: ['refinery', 'style'],
  anybody: true,
  expected: { kind: 'oneOf', values: refineryStyles.filter((one) => one !== 'pullRequest') },
  read: (value) =>
    value === 'pullRequest' ? undefined : plainKey('refinery.style', 'rigs.refinery.style').read(value, []),
};

const keyed = ['claude', 'openai', 'gemini', 'deepseek'] as const;
const budgetUnits = { tokens: 1e12, usd: 1e6 } as const;

/** Every key that `config.toml` takes besides the lists `[[providers.compatible]]` and `[[prices]]`; the first one of a setting is its name. */
export const configKeys: readonly ConfigKey[] = [
  bothOf('claude', 'rigs.claudeCode.enabled', 'rigs.providers.claude.enabled'),
  bothOf('gemini', 'rigs.gemini.enabled', 'rigs.providers.gemini.enabled'),
  plainKey('providers.codex.enabled', 'rigs.codex.enabled'),
  plainKey('providers.claude.model', 'rigs.claudeCode.model'),
  plainKey('providers.codex.model', 'rigs.codex.model'),
  plainKey('providers.gemini.model', 'rigs.gemini.model'),
  plainKey('providers.claude.api', 'rigs.providers.claude.enabled'),
  plainKey('providers.gemini.api', 'rigs.providers.gemini.enabled'),
  plainKey('providers.claude.api_model', 'rigs.providers.claude.model'),
  plainKey('providers.gemini.api_model', 'rigs.providers.gemini.model'),
  ...(['openai', 'deepseek', 'ollama', 'vscode'] as const).flatMap((name) => [
    plainKey(`providers.${name}.enabled`, `rigs.providers.${name}.enabled`),
    plainKey(`providers.${name}.model`, `rigs.providers.${name}.model`),
  ]),
  ...([...keyed, 'ollama'] as const).map((name) =>
    plainKey(`providers.${name}.base_url`, `rigs.providers.${name}.baseUrl`),
  ),
  ...keyed.map((name) => plainKey(`providers.${name}.api_key_env`, `rigs.providers.${name}.apiKeyEnv`)),
  ...(['yellow', 'red'] as const).map((level) =>
    numberKey(`providers.*.threshold_${level}`, 'rigs.tanks.thresholds', ['*', level], {
      max: 1,
      anybody: true,
    }),
  ),
  plainKey('routing.strategy', 'rigs.routing.strategy', true),
  ...beadTypes.map((type) =>
    numberKey(`routing.affinity.${type}.*`, 'rigs.routing.affinity', [type, '*'], { max: 1, anybody: true }),
  ),
  plainKey('routing.price_weight', 'rigs.routing.priceWeight', true),
  plainKey('routing.overlap', 'rigs.routing.overlap', true),
  plainKey('routing.max_per_model', 'rigs.routing.maxPerModel', true),
  plainKey('routing.move_on', 'rigs.routing.moveOn'),
  plainKey('assayer.backend', 'rigs.assayer.backend'),
  useOllama,
  ...(['planner', 'optimizer', 'estimator', 'inspector'] as const).map((role) =>
    plainKey(`assayer.${role}_model`, `rigs.assayer.${role}Model`, true),
  ),
  // The first seed's word for the inspector.
  plainKey('assayer.quality_model', 'rigs.assayer.inspectorModel', true),
  plainKey('assayer.optimize', 'rigs.assayer.optimize'),
  plainKey('assayer.inspect', 'rigs.assayer.inspect'),
  ...(['tokens', 'usd'] as const).flatMap((unit) => [
    ...(['bead', 'convoy', 'day'] as const).map((of) =>
      numberKey(`budgets.${of}.${unit}`, 'rigs.budgets', [of, unit], { max: budgetUnits[unit] }),
    ),
    numberKey(`budgets.provider.*.${unit}`, 'rigs.budgets', ['provider', '*', unit], {
      max: budgetUnits[unit],
    }),
  ]),
  plainKey('savings.control_share', 'rigs.savings.controlShare'),
  mergedHere,
  plainKey('refinery.slots', 'rigs.refinery.slots', true),
  plainKey('refinery.every_commit_green', 'rigs.refinery.everyCommitGreen', true),
  plainKey('refinery.land_flaky', 'rigs.refinery.landFlaky'),
  plainKey('refinery.editor_problems', 'rigs.refinery.editorProblems'),
  plainKey('refinery.max_retries', 'rigs.refinery.maxRetries', true),
  plainKey('refinery.structural_merge', 'rigs.refinery.structuralMerge', true),
];

export const answeredKeys: readonly AnsweredKey[] = [
  { path: ['general', 'workspace'], answer: 'workspace' },
  { path: ['general', 'log_level'], answer: 'logLevel' },
  { path: ['providers', '*', 'fallback_model'], answer: 'fallbackModel' },
  { path: ['assayer', 'fallback_to_api'], answer: 'fallbackToApi' },
];

/** What stands in a path where a row has `*`; null: it is not that row's. Only a provider's name stands there. */
export function namesIn(
  row: readonly string[],
  path: readonly (string | number)[],
): readonly string[] | null {
  if (row.length !== path.length) return null;
  const names: string[] = [];
  for (const [at, one] of row.entries()) {
    const found = path[at];
    if (typeof found !== 'string') return null;
    if (one === '*' && isProviderName(found)) names.push(found);
    else if (one !== found) return null;
  }
  return names;
}
