import type { Share } from '../ports/git.ts';
import type { CheckDefinition } from '../town/check.ts';

/** A program as settings name it: file and arguments, never a line for a shell. */
export interface ProgramSetting {
  readonly command: string;
  readonly args: readonly string[];
}

/** What a setting takes, for `settingSentence`. */
export type Expectation =
  | { readonly kind: 'wholeNumber' | 'number'; readonly min: number; readonly max: number }
  /** An entry of a list that is left out of it. */
  | { readonly kind: 'entry'; readonly why: string }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | {
      readonly kind:
        | 'text'
        | 'model'
        | 'trueOrFalse'
        | 'listOfTexts'
        | 'listOfWords'
        | 'listOfAgentNames'
        | 'customAgents'
        | 'program'
        | 'share'
        | 'checks'
        | 'affinity'
        | 'thresholds'
        | 'budgets'
        | 'address'
        | 'variable'
        | 'backend'
        | 'compatible'
        | 'prices'
        | 'approvalRules';
    };

/** One setting: its default, what it takes, and how a value is read. */
export interface Row<T> {
  readonly fallback: T;
  readonly expected: Expectation;
  /** Undefined: not what the setting takes. */
  readonly read: (value: unknown) => T | undefined;
}

/** Ten minutes: long enough for most test suites, short enough that a hanging one is noticed. */
const defaultCheckSeconds = 600;
const maxCheckSeconds = 24 * 60 * 60;

export function wholeNumber(fallback: number, min: number, max: number): Row<number> {
  const fits = (value: unknown): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return {
    fallback,
    expected: { kind: 'wholeNumber', min, max },
    read: (value) => (fits(value) ? value : undefined),
  };
}

export function text(fallback: string): Row<string> {
  return {
    fallback,
    expected: { kind: 'text' },
    read: (value) => (typeof value === 'string' ? value.trim() : undefined),
  };
}

/** Of a vendor's program. What begins like an option would be read as one by some of them. */
export function model(): Row<string> {
  const { read } = text('');
  return {
    fallback: '',
    expected: { kind: 'model' },
    read: (value) => {
      const found = read(value);
      return found?.startsWith('-') === true ? undefined : found;
    },
  };
}

export function flag(fallback: boolean): Row<boolean> {
  return {
    fallback,
    expected: { kind: 'trueOrFalse' },
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

export function texts(fallback: readonly string[]): Row<readonly string[]> {
  return {
    fallback,
    expected: { kind: 'listOfTexts' },
    read: (value) =>
      isTexts(value) ? value.map((one) => one.trim()).filter((one) => one !== '') : undefined,
  };
}

/** A tag is found as a word, so only a word can be one. */
export function words(fallback: readonly string[]): Row<readonly string[]> {
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

/** Arguments as they stand: spaces and empty ones mean something to a program. */
export function args(): Row<readonly string[]> {
  return {
    fallback: [],
    expected: { kind: 'listOfTexts' },
    read: (value) => (isTexts(value) ? value : undefined),
  };
}

export function oneOf<T extends string>(fallback: T, ...values: readonly T[]): Row<T> {
  return {
    fallback,
    expected: { kind: 'oneOf', values },
    read: (value) => values.find((one) => one === value),
  };
}

/** Names of runners, as `claude-code`. */
export function agentNames(): Row<readonly string[]> {
  const { read } = texts([]);
  return {
    fallback: [],
    expected: { kind: 'listOfAgentNames' },
    read: (value) => {
      const found = read(value);
      return found?.every((one) => /^[A-Za-z0-9][\w .-]*$/.test(one)) === true ? found : undefined;
    },
  };
}

export type Shares = Readonly<Record<string, Share>>;

const shareWays: readonly Share[] = ['link', 'clone', 'copy'];

/** Folders by their path in the repository; one that leads out of it is none. */
export function readShare(value: unknown): Shares | undefined {
  const found = entries(value);
  if (found === null) return undefined;
  const good = [...found].flatMap(([folder, way]) => {
    const known = shareWays.find((one) => one === way);
    return known !== undefined && liesWithin(folder) ? [[folder.replace(/\/+$/, ''), known] as const] : [];
  });
  return good.length === found.size ? Object.fromEntries(good) : undefined;
}

function liesWithin(folder: string): boolean {
  const parts = folder.replace(/\/+$/, '').split('/');
  const [first = ''] = parts;
  return (
    !folder.includes('\\') &&
    !/^[A-Za-z]:/.test(folder) &&
    first.toLowerCase() !== '.git' &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** The entries of a plain object; null: it is none. */
export function entries(value: unknown): ReadonlyMap<string, unknown> | null {
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

export function readOptionalProgram(value: unknown): ProgramSetting | null | undefined {
  return value === null ? null : readProgram(value);
}

export function readChecks(value: unknown): readonly CheckDefinition[] | null | undefined {
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
  const env = readEnvironment(found?.get('env'));
  const only = readOnly(found?.get('only'));
  if (env === null || only === null) return undefined;
  return { name: name.trim(), ...program, timeoutMs: Math.round(seconds * 1000), ...env, ...only };
}

/** `__proto__` is no name: copying such an object would lose it. */
const variableName = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/** Null: no environment. One without a variable is left out, as if it had not been said. */
function readEnvironment(value: unknown): Pick<CheckDefinition, 'env'> | null {
  if (value === undefined) return {};
  const found = entries(value);
  if (found === null || found.size > 100) return null;
  const good = [...found].flatMap(([name, text]) =>
    variableName.test(name) && typeof text === 'string' && !text.includes('\0')
      ? [[name, text] as const]
      : [],
  );
  if (good.length !== found.size) return null;
  return good.length === 0 ? {} : { env: Object.fromEntries(good) };
}

/** Null: no globs. An empty list is a slip, because such a check would never run. */
function readOnly(value: unknown): Pick<CheckDefinition, 'only'> | null {
  if (value === undefined) return {};
  if (!isTexts(value) || value.length === 0 || value.length > 100) return null;
  const only = value.map((one) => one.trim());
  return only.every(isGlob) ? { only } : null;
}

/** From the repository's root and within it. What is taken out again (`!`) is not understood, so it is not taken. */
function isGlob(glob: string): boolean {
  const parts = glob.split('/');
  return (
    glob !== '' &&
    glob.length <= 300 &&
    !/^[!/]/.test(glob) &&
    !/[\p{Cc}\\]/u.test(glob) &&
    !parts.includes('..') &&
    !parts.includes('.')
  );
}

/** As written; what is wrong with one of them is told by whoever reads them, which the loader need not carry. */
export function readEntries(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as readonly unknown[]) : undefined;
}
