import type { CheckDefinition } from '../town/check.ts';
import { todoTags } from '../town/todo.ts';
import type { SettingKey } from './contract.ts';

/** A program as settings name it: file and arguments, never a line for a shell. */
export interface ProgramSetting {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Settings {
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
  'rigs.sling.codeLens': boolean;
  'rigs.sling.tags': readonly string[];
  'rigs.claude.enabled': boolean;
  /** Empty: the provider's own choice. */
  'rigs.claude.model': string;
}

/** A value that is not what the setting takes. `used` is what holds instead. */
export interface SettingProblem {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly expected: Expectation;
  readonly used: unknown;
}

/** What a setting takes, for `settingSentence`. */
export type Expectation =
  | { readonly kind: 'wholeNumber'; readonly min: number; readonly max: number }
  | { readonly kind: 'text' | 'trueOrFalse' | 'listOfTexts' | 'listOfWords' | 'program' | 'checks' };

interface Row<T> {
  readonly fallback: T;
  readonly expected: Expectation;
  /** Undefined: not what the setting takes. */
  readonly read: (value: unknown) => T | undefined;
}

/** Ten minutes: long enough for most test suites, short enough that a hanging one is noticed. */
const defaultCheckSeconds = 600;
const maxCheckSeconds = 24 * 60 * 60;

const table: { readonly [K in SettingKey]: Row<Settings[K]> } = {
  'rigs.maxPolecats': wholeNumber(3, 1, 12),
  'rigs.maxAgents': wholeNumber(12, 1, 100),
  'rigs.target': text(''),
  'rigs.checks': { fallback: null, expected: { kind: 'checks' }, read: readChecks },
  'rigs.worktree.root': text(''),
  'rigs.worktree.setup': { fallback: null, expected: { kind: 'program' }, read: readOptionalProgram },
  'rigs.worktree.spares': wholeNumber(1, 0, 6),
  'rigs.worker.allow': texts([]),
  'rigs.sling.codeLens': flag(true),
  'rigs.sling.tags': words([...todoTags]),
  'rigs.claude.enabled': flag(true),
  'rigs.claude.model': text(''),
};

/** The default of a setting; package.json says the same (held together by a test). */
export function settingDefault<K extends SettingKey>(key: K): Settings[K] {
  return table[key].fallback;
}

/** Reads one setting; what does not fit is told to `onProblem` and the default holds. */
export function readSetting<K extends SettingKey>(
  key: K,
  value: unknown,
  onProblem?: (problem: SettingProblem) => void,
): Settings[K] {
  const { fallback, expected, read } = table[key];
  if (value === undefined) return fallback;
  const found = read(value);
  if (found !== undefined) return found;
  onProblem?.({ key, value, expected, used: fallback });
  return fallback;
}

function wholeNumber(fallback: number, min: number, max: number): Row<number> {
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return {
    fallback,
    expected: { kind: 'wholeNumber', min, max },
    read: (value) => (fits(value) ? value : undefined),
  };
}

function text(fallback: string): Row<string> {
  return {
    fallback,
    expected: { kind: 'text' },
    read: (value) => (typeof value === 'string' ? value.trim() : undefined),
  };
}

function flag(fallback: boolean): Row<boolean> {
  return {
    fallback,
    expected: { kind: 'trueOrFalse' },
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

function texts(fallback: readonly string[]): Row<readonly string[]> {
  return {
    fallback,
    expected: { kind: 'listOfTexts' },
    read: (value) =>
      isTexts(value) ? value.map((one) => one.trim()).filter((one) => one !== '') : undefined,
  };
}

/** A tag is found as a word, so only a word can be one. */
function words(fallback: readonly string[]): Row<readonly string[]> {
  const { read } = texts(fallback);
  return {
    fallback,
    expected: { kind: 'listOfWords' },
    read: (value) => {
      const found = read(value);
      return found?.every((one) => /^\w+$/.test(one)) === true ? found : undefined;
    },
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function entries(value: unknown): ReadonlyMap<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map<string, unknown>(Object.entries(value))
    : null;
}

function readProgram(value: unknown): ProgramSetting | undefined {
  const found = entries(value);
  const command = found?.get('command');
  const args = found?.get('args') ?? [];
  return typeof command === 'string' && command.trim() !== '' && isTexts(args)
    ? { command: command.trim(), args }
    : undefined;
}

function readOptionalProgram(value: unknown): ProgramSetting | null | undefined {
  return value === null ? null : readProgram(value);
}

function readChecks(value: unknown): readonly CheckDefinition[] | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value)) return undefined;
  const checks = value.map(readCheck);
  const good = checks.filter((one) => one !== undefined);
  const names = new Set(good.map((one) => one.name));
  return good.length === checks.length && names.size === good.length ? good : undefined;
}

function readCheck(value: unknown): CheckDefinition | undefined {
  const program = readProgram(value);
  const found = entries(value);
  const name = found?.get('name');
  const seconds = found?.get('timeoutSeconds') ?? defaultCheckSeconds;
  if (program === undefined || typeof name !== 'string' || name.trim() === '') return undefined;
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > maxCheckSeconds) return undefined;
  return { name: name.trim(), ...program, timeoutMs: Math.round(seconds * 1000) };
}
