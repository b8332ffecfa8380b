import type { ApiVendor, Apis } from '../ports/apis.ts';
import type { Wire } from '../ports/models.ts';
import { defaultClaudeModel } from './claude/models.ts';
import { defaultDeepseekModel } from './deepseek/models.ts';
import { defaultGeminiModel } from './gemini/models.ts';
import { defaultOpenaiModel } from './openai/models.ts';

/** Models behind an address, as the person set them; the built-in worker works with them, and so does the assayer. */
export interface ApiProvider {
  /** `claude`, `openai`, `gemini`, `deepseek`, `ollama`, `vscode`, or the name a person gave to an endpoint; also its tank. */
  readonly provider: string;
  /** As a person reads it: `Claude API`. */
  readonly name: string;
  readonly wire: Wire;
  readonly enabled: boolean;
  /** Empty: the first one that a server of one's own has. */
  readonly model: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  /** Null: one is needed and there is none. Empty: none is needed. */
  readonly key: () => Promise<string | null>;
  /** Why it cannot be asked, whatever else is set. */
  readonly problem?: string;
}

/** Models that the editor lends, at the address of `editorModels`. */
export interface LentModels {
  readonly baseUrl: string;
  readonly token: string;
}

interface Known {
  readonly name: string;
  readonly wire: Wire;
  readonly model: string;
}

const known: Readonly<Record<Exclude<ApiVendor, 'vscode'>, Known>> = {
  claude: { name: 'Claude API', wire: 'anthropic', model: defaultClaudeModel },
  openai: { name: 'OpenAI API', wire: 'openai', model: defaultOpenaiModel },
  gemini: { name: 'Gemini API', wire: 'gemini', model: defaultGeminiModel },
  deepseek: { name: 'DeepSeek', wire: 'deepseek', model: defaultDeepseekModel },
  ollama: { name: 'Ollama', wire: 'ollama', model: '' },
};

/**
 * The providers of a person's settings, in the order in which they stand there. `keyOf`: the key that is kept for one,
 * or that the variable of this name holds. `lent`: null where the editor has no models that Rigs may use.
 */
export function apiProviders(
  { vendors, compatible }: Apis,
  keyOf: (provider: string, variable: string | null) => Promise<string | null>,
  lent: LentModels | null,
): readonly ApiProvider[] {
  const ofVendors = Object.entries(known).map(([provider, { name, wire, model }]): ApiProvider => {
    const set = vendors[provider as keyof typeof known];
    const key = set.apiKeyEnv === null ? none : () => keyOf(provider, set.apiKeyEnv);
    return { ...set, provider, name, wire, model: set.model || model, key };
  });
  const ofOthers = compatible.map(({ name, apiKeyEnv, ...set }): ApiProvider => {
    const key = apiKeyEnv === null ? none : () => keyOf(name, apiKeyEnv);
    return { ...set, provider: name, name, wire: 'compatible', key };
  });
  return [...ofVendors, ...ofOthers, ofEditor(vendors.vscode, lent)];
}

function ofEditor({ enabled, model }: Apis['vendors']['vscode'], lent: LentModels | null): ApiProvider {
  return {
    ...{ provider: 'vscode', name: 'VS Code', wire: 'compatible', enabled },
    // The editor takes its own first one for this.
    model: model || 'auto',
    baseUrl: lent?.baseUrl ?? null,
    key: () => Promise.resolve(lent?.token ?? ''),
    ...(lent === null ? { problem: notLent } : {}),
  };
}

const notLent =
  'VS Code has no models here that Rigs may use. It asks you for them when you switch this provider on.';

function none(): Promise<string> {
  return Promise.resolve('');
}
