import type { AgentMode } from '../ports/agents.ts';
import type { CompatibleApi } from '../ports/apis.ts';
import { type AfterLanding, afterLandings } from '../town/aftermath.ts';
import type { CheckDefinition } from '../town/check.ts';
import {
  type RefineryStyle,
  defaultQueueSettings,
  mostQueueSlots,
  refineryStyles,
} from '../town/queueSettings.ts';
import { type MoveOn, type Routing, type Strategy, defaultRouting, strategies } from '../town/routing.ts';
import { todoTags } from '../town/todo.ts';
import type { SettingKey } from './settingKeys.ts';
import {
  type Expectation,
  type ProgramSetting,
  type Row,
  type Shares,
  agentNames,
  args,
  flag,
  model,
  oneOf,
  readChecks,
  readEntries,
  readOptionalProgram,
  readShare,
  text,
  texts,
  wholeNumber,
  words,
} from './settingRows.ts';
import {
  type SaidBudgets,
  address,
  affinityRow,
  backend,
  budgetsRow,
  compatibleRow,
  number,
  thresholdsRow,
  variable,
} from './tankRows.ts';

/** Of a vendor's command line. */
interface OfVendor {
  enabled: boolean;
  /** Empty: the vendor's own program, found on PATH. */
  command: string;
  args: readonly string[];
  /** Empty: the program's own choice. */
  model: string;
  mode: AgentMode;
}

type VendorName = 'claudeCode' | 'codex' | 'gemini';
type OfVendors = {
  [
    K in `rigs.${VendorName}.${keyof OfVendor}`
  ]: K extends `rigs.${VendorName}.${infer P extends keyof OfVendor}` ? OfVendor[P] : never;
};

/** Of APIs: whether they are used, and texts; an empty one is the vendor's own choice. */
type OfApis = {
  [K in Extract<SettingKey, `rigs.providers.${string}.${string}`>]: K extends `${string}.enabled`
    ? boolean
    : string;
};

export interface Settings extends OfVendors, OfApis {
  'rigs.maxPolecats': number;
  'rigs.maxAgents': number;
  /** Empty: the branch that is checked out. */
  'rigs.target': string;
  /** Null: found by Rigs itself. */
  'rigs.checks': readonly CheckDefinition[] | null;
  /** Empty: `../<repo>.rigs` beside the repository. */
  'rigs.worktree.root': string;
  'rigs.worktree.setup': ProgramSetting | null;
  'rigs.worktree.spares': number;
  'rigs.worker.allow': readonly string[];
  'rigs.worktree.share': Shares;
  /** Runners, the first of them first; those not named follow. */
  'rigs.agents.order': readonly string[];
  /** Read by the vendor folder `custom`. */
  'rigs.agents.custom': readonly unknown[];
  'rigs.agents.silentAfterSeconds': number;
  'rigs.sling.codeLens': boolean;
  'rigs.sling.tags': readonly string[];
  'rigs.routing.strategy': Strategy;
  'rigs.routing.affinity': Routing['affinity'];
  'rigs.routing.priceWeight': number;
  'rigs.routing.overlap': Routing['overlap'];
  'rigs.routing.moveOn': MoveOn;
  'rigs.routing.maxPerModel': number;
  /** By provider; those it does not name have their defaults. */
  'rigs.tanks.thresholds': Routing['thresholds'];
  'rigs.budgets': SaidBudgets;
  /** Read by `priceEntries.ts`. */
  'rigs.prices': readonly unknown[];
  'rigs.savings.controlShare': number;
  'rigs.refinery.style': RefineryStyle;
  'rigs.refinery.slots': number;
  'rigs.refinery.everyCommitGreen': boolean;
  'rigs.refinery.landFlaky': boolean;
  'rigs.refinery.editorProblems': 'off' | 'on';
  'rigs.refinery.maxRetries': number;
  /** Read by `approvalRules.ts`. */
  'rigs.refinery.autoApprove': readonly unknown[];
  'rigs.refinery.push': boolean;
  'rigs.refinery.structuralMerge': 'auto' | 'off';
  'rigs.refinery.afterLanding': AfterLanding;
  'rigs.providers.compatible': readonly CompatibleApi[];
  'rigs.assayer.backend': string;
  /** Empty: as the backend has it. */
  'rigs.assayer.plannerModel': string;
  'rigs.assayer.optimizerModel': string;
  'rigs.assayer.estimatorModel': string;
  'rigs.assayer.inspectorModel': string;
  'rigs.assayer.optimize': boolean;
  'rigs.assayer.inspect': boolean;
}

/** A value, or an entry of one, that is not what the setting takes. `used` is what holds instead. */
export interface SettingProblem {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly expected: Expectation;
  readonly used: unknown;
}

/** Rows of one vendor's settings, which every vendor has alike. */
const ofVendor: { readonly [P in keyof OfVendor]: Row<OfVendor[P]> } = {
  enabled: flag(true),
  command: text(''),
  args: args(),
  model: model(),
  mode: oneOf<AgentMode>('ask', 'ask', 'edits', 'bypass'),
};

const table: { readonly [K in SettingKey]: Row<Settings[K]> } = {
  'rigs.maxPolecats': wholeNumber(3, 1, 12),
  'rigs.maxAgents': wholeNumber(12, 1, 100),
  'rigs.target': text(''),
  'rigs.checks': { fallback: null, expected: { kind: 'checks' }, read: readChecks },
  'rigs.worktree.root': text(''),
  'rigs.worktree.setup': { fallback: null, expected: { kind: 'program' }, read: readOptionalProgram },
  'rigs.worktree.spares': wholeNumber(1, 0, 6),
  'rigs.worker.allow': texts([]),
  'rigs.worktree.share': { fallback: {}, expected: { kind: 'share' }, read: readShare },
  'rigs.agents.order': agentNames(),
  'rigs.agents.custom': { fallback: [], expected: { kind: 'customAgents' }, read: readEntries },
  'rigs.agents.silentAfterSeconds': wholeNumber(300, 30, 86_400),
  'rigs.claudeCode.enabled': ofVendor.enabled,
  'rigs.claudeCode.command': ofVendor.command,
  'rigs.claudeCode.args': ofVendor.args,
  'rigs.claudeCode.model': ofVendor.model,
  'rigs.claudeCode.mode': ofVendor.mode,
  'rigs.codex.enabled': ofVendor.enabled,
  'rigs.codex.command': ofVendor.command,
  'rigs.codex.args': ofVendor.args,
  'rigs.codex.model': ofVendor.model,
  'rigs.codex.mode': ofVendor.mode,
  'rigs.gemini.enabled': ofVendor.enabled,
  'rigs.gemini.command': ofVendor.command,
  'rigs.gemini.args': ofVendor.args,
  'rigs.gemini.model': ofVendor.model,
  'rigs.gemini.mode': ofVendor.mode,
  'rigs.sling.codeLens': flag(true),
  'rigs.sling.tags': words([...todoTags]),
  'rigs.routing.strategy': oneOf<Strategy>(defaultRouting.strategy, ...strategies),
  'rigs.routing.affinity': affinityRow,
  'rigs.routing.priceWeight': number(defaultRouting.priceWeight, 0, 1),
  'rigs.routing.overlap': oneOf<Routing['overlap']>(defaultRouting.overlap, 'hold', 'allow'),
  'rigs.routing.moveOn': oneOf<MoveOn>(defaultRouting.moveOn, 'ask', 'always', 'never'),
  'rigs.routing.maxPerModel': wholeNumber(defaultRouting.maxPerModel, 1, 64),
  'rigs.tanks.thresholds': thresholdsRow,
  'rigs.budgets': budgetsRow,
  'rigs.prices': { fallback: [], expected: { kind: 'prices' }, read: readEntries },
  'rigs.savings.controlShare': number(0.1, 0, 1),
  'rigs.refinery.style': oneOf<RefineryStyle>('merge', ...refineryStyles),
  'rigs.refinery.slots': wholeNumber(defaultQueueSettings.slots, 1, mostQueueSlots),
  'rigs.refinery.everyCommitGreen': flag(defaultQueueSettings.everyCommitGreen),
  'rigs.refinery.landFlaky': flag(defaultQueueSettings.landFlaky),
  'rigs.refinery.editorProblems': oneOf<'off' | 'on'>('off', 'off', 'on'),
  'rigs.refinery.maxRetries': wholeNumber(defaultQueueSettings.maxRounds, 0, 10),
  'rigs.refinery.push': flag(false),
  'rigs.refinery.structuralMerge': oneOf<'auto' | 'off'>('auto', 'auto', 'off'),
  'rigs.refinery.afterLanding': oneOf<AfterLanding>('off', ...afterLandings),
  'rigs.refinery.autoApprove': { fallback: [], expected: { kind: 'approvalRules' }, read: readEntries },
  'rigs.providers.claude.enabled': flag(true),
  'rigs.providers.claude.model': model(),
  'rigs.providers.claude.baseUrl': address(),
  'rigs.providers.claude.apiKeyEnv': variable('ANTHROPIC_API_KEY'),
  'rigs.providers.openai.enabled': flag(false),
  'rigs.providers.openai.model': model(),
  'rigs.providers.openai.baseUrl': address(),
  'rigs.providers.openai.apiKeyEnv': variable('OPENAI_API_KEY'),
  'rigs.providers.gemini.enabled': flag(false),
  'rigs.providers.gemini.model': model(),
  'rigs.providers.gemini.baseUrl': address(),
  'rigs.providers.gemini.apiKeyEnv': variable('GEMINI_API_KEY'),
  'rigs.providers.deepseek.enabled': flag(true),
  'rigs.providers.deepseek.model': model(),
  'rigs.providers.deepseek.baseUrl': address(),
  'rigs.providers.deepseek.apiKeyEnv': variable('DEEPSEEK_API_KEY'),
  'rigs.providers.ollama.enabled': flag(true),
  'rigs.providers.ollama.model': model(),
  'rigs.providers.ollama.baseUrl': address(),
  'rigs.providers.vscode.enabled': flag(false),
  'rigs.providers.vscode.model': model(),
  'rigs.providers.compatible': compatibleRow,
  'rigs.assayer.backend': backend(),
  'rigs.assayer.plannerModel': model(),
  'rigs.assayer.optimizerModel': model(),
  'rigs.assayer.estimatorModel': model(),
  'rigs.assayer.inspectorModel': model(),
  'rigs.assayer.optimize': flag(true),
  'rigs.assayer.inspect': flag(true),
};

/** The default of a setting; package.json says the same (held together by a test). */
export function settingDefault<K extends SettingKey>(key: K): Settings[K] {
  return table[key].fallback;
}

export function expectationOf(key: SettingKey): Expectation {
  return table[key].expected;
}

/** The value as the setting holds it; undefined: not what it takes. */
export function fitSetting<K extends SettingKey>(key: K, value: unknown): Settings[K] | undefined {
  return table[key].read(value);
}

/** Reads one setting; what does not fit is told to `onProblem` and the default holds. */
export function readSetting<K extends SettingKey>(
  key: K,
  value: unknown,
  onProblem?: (problem: SettingProblem) => void,
): Settings[K] {
  const { fallback, expected } = table[key];
  if (value === undefined) return fallback;
  const found = fitSetting(key, value);
  if (found !== undefined) return found;
  onProblem?.({ key, value, expected, used: fallback });
  return fallback;
}
