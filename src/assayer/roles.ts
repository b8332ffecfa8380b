import type { AssayerUse } from '../ports/agents.ts';
import type { AssayerRole, AssayerSettings } from '../ports/apis.ts';

type AssayerWishes = Pick<AssayerSettings, 'backend' | 'models'>;

/** A provider whose models can be asked now: it is switched on, and has its key or its server. */
export interface Askable {
  readonly provider: string;
  /** What its server says it has; null: any name may be tried. */
  readonly has: readonly string[] | null;
  /** Asking it costs the person nothing. */
  readonly free: boolean;
  /** The model of the person's settings for it; null: they named none. */
  readonly model: string | null;
}

/** Why no model is there for a role. */
export type NoAssayer =
  /** The person switched the assayer off. */
  | 'off'
  /** The provider they chose cannot be asked. */
  | 'not_there'
  /** The provider they chose has not got the model. */
  | 'model_missing'
  /** Nothing can be asked at all. */
  | 'nothing'
  /** Only models that cost, and nobody asked for this call. */
  | 'only_paid';

export type AssayerChoice =
  | { readonly ok: true; readonly provider: string; readonly model: string }
  | { readonly ok: false; readonly why: NoAssayer };

/** The names of the first seed, pulled with `ollama pull`. */
const ofOllama: Readonly<Record<AssayerRole, string>> = {
  planner: 'deepseek-r1:7b',
  optimizer: 'qwen3:8b',
  estimator: 'llama3.2:3b',
  inspector: 'llama3.2:3b',
};

const all = (model: string): Readonly<Record<AssayerRole, string>> => ({
  planner: model,
  optimizer: model,
  estimator: model,
  inspector: model,
});

/** The cheap model of each vendor; of others the one in the person's settings is asked. */
const usual: Readonly<Record<string, Readonly<Record<AssayerRole, string>> | undefined>> = {
  ollama: ofOllama,
  deepseek: all('deepseek-flash'),
  gemini: all('gemini-3.8-flash'),
};

/** Whose a model is by its name, so that a name set for one provider is not sent to another. */
const families: readonly (readonly [RegExp, string])[] = [
  [/:[\w.-]+$/, 'ollama'],
  [/^claude/i, 'claude'],
  [/^(gpt|o\d|codex)/i, 'openai'],
  [/^gemini/i, 'gemini'],
  [/^deepseek/i, 'deepseek'],
];

/** Command lines and interfaces of one vendor judge alike. */
const vendors: Readonly<Record<string, string | undefined>> = { codex: 'openai' };

const vendorOf = (provider: string): string => vendors[provider] ?? provider;

/** First what costs nothing, then what costs least, then in configured order, the editor's own models last. */
const ranks: readonly string[] = ['ollama', 'deepseek'];

/** Which model does a role's work, of those that can be asked now; `askable` in configured order. */
export function chooseAssayer(
  role: AssayerRole,
  wishes: AssayerWishes,
  askable: readonly Askable[],
  use: AssayerUse = { author: null, unasked: false },
): AssayerChoice {
  const { backend } = wishes;
  if (backend === 'none') return { ok: false, why: 'off' };
  if (backend !== 'auto') return ofBackend(role, wishes, askable);
  const affordable = use.unasked ? askable.filter((one) => one.free) : askable;
  const candidates = ordered(affordable, use.author).flatMap((one) => {
    const model = modelOf(role, wishes, one);
    return model === null ? [] : [{ ok: true as const, provider: one.provider, model }];
  });
  return candidates[0] ?? { ok: false, why: use.unasked && askable.length > 0 ? 'only_paid' : 'nothing' };
}

/** A provider that the person named is asked or none: another one may be none of their wish, or cost. */
function ofBackend(role: AssayerRole, wishes: AssayerWishes, askable: readonly Askable[]): AssayerChoice {
  const found = askable.find((one) => one.provider === wishes.backend);
  if (found === undefined) return { ok: false, why: 'not_there' };
  const model = modelIn(found, wishes.models[role] || defaultOf(role, found));
  return model === null ? { ok: false, why: 'model_missing' } : { ok: true, provider: found.provider, model };
}

function ordered(askable: readonly Askable[], author: string | null): readonly Askable[] {
  const own = author === null ? null : vendorOf(author);
  const place = ({ provider }: Askable): number => {
    const rank = ranks.indexOf(provider);
    const among = rank >= 0 ? rank : provider === 'vscode' ? ranks.length + 1 : ranks.length;
    return vendorOf(provider) === own ? among + 100 : among;
  };
  return askable.toSorted((a, b) => place(a) - place(b));
}

function modelOf(role: AssayerRole, wishes: AssayerWishes, one: Askable): string | null {
  const named = wishes.models[role];
  return modelIn(one, named !== '' && fits(named, one) ? named : defaultOf(role, one));
}

const defaultOf = (role: AssayerRole, one: Askable): string | null =>
  usual[one.provider]?.[role] ?? one.model;

/** Null when its server has not got it. */
function modelIn({ has }: Askable, wanted: string | null): string | null {
  if (wanted === null) return has?.[0] ?? null;
  if (has === null) return wanted;
  return has.find((model) => model === wanted || model === `${wanted}:latest`) ?? null;
}

/** A name that nobody is known by may be of a provider that nobody knows. */
function fits(model: string, { provider, has }: Askable): boolean {
  if (has?.some((one) => one === model || one === `${model}:latest`) === true) return true;
  const vendor = vendorOf(provider);
  const family = families.find(([pattern]) => pattern.test(model))?.[1];
  return family === undefined ? !families.some(([, known]) => known === vendor) : family === vendor;
}
