import type { RunnerState } from '../ports/agents.ts';
import { type ModelAccess, ModelError } from '../ports/models.ts';
import { builtIn } from '../town/polecat.ts';
import type { ApiProvider } from './apiProvider.ts';
import { ollamaAddress } from './ollama/models.ts';
import { type OllamaState, installedModel, ollamaState } from './ollama/server.ts';

/** A server is asked at each heartbeat; who starts one waits this long at most. */
const rememberMs = 20_000;

/** Models behind an address as they could be asked now. */
export interface ApiState extends RunnerState {
  /** What its server says it has; null: any name may be tried. */
  readonly has: readonly string[] | null;
  /** Asking it costs the person nothing. */
  readonly free: boolean;
}

/** What the built-in worker and the assayer can work with. */
export class ApiRunners {
  readonly #apis: () => readonly ApiProvider[];
  readonly #servers = new Map<string, { readonly at: number; readonly state: Promise<OllamaState | null> }>();

  constructor(apis: () => readonly ApiProvider[]) {
    this.#apis = apis;
  }

  forget(): void {
    this.#servers.clear();
  }

  /** `taken`: names that are somebody else's; a tank has one owner. */
  states(taken: ReadonlySet<string> = new Set()): Promise<readonly ApiState[]> {
    const apis = this.#apis();
    const isTaken = ({ provider }: ApiProvider, nth: number): boolean =>
      taken.has(provider) || apis.findIndex((one) => one.provider === provider) !== nth;
    return Promise.all(apis.map((api, nth) => this.#stateOf(api, isTaken(api, nth))));
  }

  /** Throws `ModelError` `auth` when there is no key, `refused` when it is gone from the settings. */
  async access(provider: string, model: string): Promise<ModelAccess> {
    const api = this.#apis().find((one) => one.provider === provider);
    if (api === undefined)
      throw new ModelError('refused', `There is no provider ${provider} in the settings any more.`);
    const apiKey = await api.key();
    if (apiKey === null) throw new ModelError('auth', `There is no key for ${api.name}.`);
    return { provider, wire: api.wire, model, baseUrl: api.baseUrl, apiKey };
  }

  async #stateOf(api: ApiProvider, taken: boolean): Promise<ApiState> {
    const { provider, name, model, enabled } = api;
    const common: Omit<ApiState, 'problem'> = {
      ...{ runner: builtIn, provider, name, model, mode: null, program: null, known: 'unsaid' },
      ...{ has: null, free: false },
    };
    if (taken) return { ...common, problem: unusable(`The name "${provider}" is taken.`) };
    if (!enabled) return { ...common, problem: { kind: 'disabled' } };
    if (api.problem !== undefined) return { ...common, problem: unusable(api.problem) };
    if ((await api.key()) === null) return { ...common, problem: { kind: 'no_key' } };
    if (api.wire === 'ollama') return { ...common, ...(await this.#local(api)), free: true };
    return { ...common, problem: model === '' ? unusable(`No model is set for ${name}.`) : null };
  }

  async #local({ baseUrl, model }: ApiProvider): Promise<Pick<ApiState, 'model' | 'has' | 'problem'>> {
    const address = baseUrl ?? ollamaAddress;
    const state = await this.#server(address);
    if (state === null) return { model, has: null, problem: unusable(`No Ollama answers at ${address}.`) };
    const has = state.installed;
    const installed = installedModel(state, model);
    if (installed !== null) return { model: installed, has, problem: null };
    const wanted = model === '' ? 'no model yet' : `no model "${model}"`;
    const command = `ollama pull ${model === '' ? '<model>' : model}`;
    return { model, has, problem: unusable(`Ollama has ${wanted}; get one with: ${command}`) };
  }

  #server(address: string): Promise<OllamaState | null> {
    const known = this.#servers.get(address);
    if (known !== undefined && performance.now() - known.at < rememberMs) return known.state;
    const state = ollamaState(address);
    this.#servers.set(address, { at: performance.now(), state });
    return state;
  }
}

function unusable(detail: string): RunnerState['problem'] {
  return { kind: 'unusable', detail };
}
