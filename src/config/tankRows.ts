import type { CompatibleApi } from '../ports/apis.ts';
import { type BeadType, beadTypes } from '../town/bead.ts';
import { type Budget, type Budgets, noBudget } from '../town/budgets.ts';
import type { Routing } from '../town/routing.ts';
import type { Thresholds } from '../town/tank.ts';
import { type Row, entries } from './settingRows.ts';

/** More than anybody has; beyond it sums of doubles lose whole tokens. */
const mostTokens = 1e12;
const mostUsd = 1e6;

/** Names of providers and models' endpoints. None is a word of JavaScript's own objects. */
export function isProviderName(name: string): boolean {
  return /^[A-Za-z0-9][\w .-]{0,39}$/.test(name);
}

/** NaN and infinities are no numbers to a person. */
function numberFrom(min: number, max: number): (value: unknown) => number | undefined {
  return (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined);
}

export function number(fallback: number, min: number, max: number): Row<number> {
  return { fallback, expected: { kind: 'number', min, max }, read: numberFrom(min, max) };
}

const fraction = numberFrom(0, 1);

/** An object whose every name and value fits; undefined when one does not. */
function recordOf<T>(
  value: unknown,
  fits: (name: string) => boolean,
  read: (value: unknown) => T | undefined,
): Readonly<Record<string, T>> | undefined {
  const found = entries(value);
  if (found === null) return undefined;
  const good = [...found].flatMap(([name, one]) => {
    const known = fits(name) ? read(one) : undefined;
    return known === undefined ? [] : [[name, known] as const];
  });
  return good.length === found.size ? Object.fromEntries(good) : undefined;
}

export const affinityRow: Row<Routing['affinity']> = {
  fallback: {},
  expected: { kind: 'affinity' },
  read: (value) =>
    recordOf(
      value,
      (name) => beadTypes.some((one: BeadType) => one === name),
      (one) => recordOf(one, isProviderName, fraction),
    ),
};

export function readThresholds(value: unknown): Thresholds | undefined {
  const found = recordOf(value, (name) => name === 'yellow' || name === 'red', fraction);
  const { yellow, red } = found ?? {};
  return yellow !== undefined && red !== undefined && yellow >= red ? { yellow, red } : undefined;
}

export const thresholdsRow: Row<Routing['thresholds']> = {
  fallback: {},
  expected: { kind: 'thresholds' },
  read: (value) => recordOf(value, isProviderName, readThresholds),
};

const limits = { tokens: numberFrom(0, mostTokens), usd: numberFrom(0, mostUsd) } as const;

function readBudget(value: unknown): Budget | undefined {
  const found = entries(value);
  if (found === null) return undefined;
  const { tokens, usd } = limits;
  const read = { tokens: tokens(found.get('tokens')), usd: usd(found.get('usd')) };
  const good = Object.values(read).filter((one) => one !== undefined).length;
  // Whatever is said beside the two, or said wrongly, is not among the good.
  return good === found.size ? { tokens: read.tokens ?? null, usd: read.usd ?? null } : undefined;
}

/** As written, without the limits that nobody set. */
export type SaidBudgets = Partial<Budgets>;

export const budgetsRow: Row<SaidBudgets> = {
  fallback: {},
  expected: { kind: 'budgets' },
  read: (value) => {
    const found = entries(value);
    if (found === null) return undefined;
    const read: [string, unknown][] = [...found].map(([name, one]) => [
      name,
      name === 'provider'
        ? recordOf(one, isProviderName, readBudget)
        : ['bead', 'convoy', 'day'].includes(name)
          ? readBudget(one)
          : undefined,
    ]);
    return read.every(([, one]) => one !== undefined) ? Object.fromEntries(read) : undefined;
  },
};

export function allBudgets({
  bead = noBudget,
  convoy = noBudget,
  day = noBudget,
  provider = {},
}: SaidBudgets): Budgets {
  return { bead, convoy, day, provider };
}

/** Where models are asked. An address with a password in it would show it wherever addresses show. */
export function isAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

export function address(): Row<string> {
  return {
    fallback: '',
    expected: { kind: 'address' },
    read: (value) => {
      const found = typeof value === 'string' ? value.trim() : undefined;
      return found === '' || (found !== undefined && isAddress(found)) ? found : undefined;
    },
  };
}

/** No key looks like the name of a variable, so that one written here by mistake is refused. */
export function isVariable(text: string): boolean {
  return /^[A-Z_][A-Z0-9_]{0,99}$/.test(text);
}

export function variable(fallback: string): Row<string> {
  return {
    fallback,
    expected: { kind: 'variable' },
    read: (value) => (typeof value === 'string' && isVariable(value.trim()) ? value.trim() : undefined),
  };
}

/** `auto`, `none`, or a provider; whether there is one of that name is seen when it is asked. */
export function backend(): Row<string> {
  return {
    fallback: 'auto',
    expected: { kind: 'backend' },
    read: (value) => (typeof value === 'string' && isProviderName(value.trim()) ? value.trim() : undefined),
  };
}

/** Names that are somebody else's already. */
const taken: readonly string[] = [
  'auto',
  'claude',
  'codex',
  'deepseek',
  'gemini',
  'none',
  'ollama',
  'openai',
  'rehearsal',
  'vscode',
];

function readCompatible(value: unknown): CompatibleApi | undefined {
  const found = entries(value);
  const name = found?.get('name');
  const baseUrl = found?.get('baseUrl');
  const model = found?.get('model');
  const apiKeyEnv = found?.get('apiKeyEnv') ?? null;
  if (typeof name !== 'string' || !isProviderName(name.trim()) || taken.includes(name.trim().toLowerCase()))
    return undefined;
  if (typeof baseUrl !== 'string' || !isAddress(baseUrl.trim())) return undefined;
  if (typeof model !== 'string' || model.trim() === '') return undefined;
  if (apiKeyEnv !== null && (typeof apiKeyEnv !== 'string' || !isVariable(apiKeyEnv))) return undefined;
  return { enabled: true, name: name.trim(), baseUrl: baseUrl.trim(), model: model.trim(), apiKeyEnv };
}

export const compatibleRow: Row<readonly CompatibleApi[]> = {
  fallback: [],
  expected: { kind: 'compatible' },
  read: (value) => {
    if (!Array.isArray(value)) return undefined;
    const found = value.map(readCompatible).filter((one) => one !== undefined);
    const names = new Set(found.map(({ name }) => name.toLowerCase()));
    return found.length === value.length && names.size === found.length ? found : undefined;
  },
};
