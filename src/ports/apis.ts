/** Vendors whose models are asked for directly, without a command line between. */
export const apiVendors = ['claude', 'openai', 'gemini', 'deepseek', 'ollama', 'vscode'] as const;
export type ApiVendor = (typeof apiVendors)[number];

/** How a person wants one of them used. */
export interface ApiSettings {
  readonly enabled: boolean;
  /** Empty: the one that Rigs was tried with. */
  readonly model: string;
  /** Null: the vendor's own address. */
  readonly baseUrl: string | null;
  /** Name of the variable of the editor's environment that holds the key; null: no key is needed. */
  readonly apiKeyEnv: string | null;
}

/** An endpoint that speaks like OpenAI's; its name is the provider's. */
export interface CompatibleApi extends ApiSettings {
  readonly name: string;
  readonly baseUrl: string;
}

export interface Apis {
  readonly vendors: Readonly<Record<ApiVendor, ApiSettings>>;
  readonly compatible: readonly CompatibleApi[];
}

export const assayerRoles = ['planner', 'optimizer', 'estimator', 'inspector'] as const;
export type AssayerRole = (typeof assayerRoles)[number];

/** Who plans, sharpens, estimates and inspects. */
export interface AssayerSettings {
  /** `auto`: the first that is there · `none`: nobody · else the name of a provider. */
  readonly backend: string;
  /** Empty: as the backend has it. */
  readonly models: Readonly<Record<AssayerRole, string>>;
}
