import type { RunnerState } from '../ports/agents.ts';
import type { Vendor, VendorSettings } from './vendor.ts';

type Common = Pick<RunnerState, 'runner' | 'provider' | 'name' | 'model' | 'mode'>;

/** What is said of a runner in every state. */
export function commonOf({ runner, provider, name }: Vendor, { model, mode }: VendorSettings): Common {
  return { runner, provider, name, model, mode };
}

export function unusable(common: Common, detail: string): RunnerState {
  return { ...common, program: null, known: 'unsaid', problem: { kind: 'unusable', detail } };
}

/** An entry of the settings that describes no agent. */
export function broken(name: string, problem: string): RunnerState {
  return unusable({ runner: name, provider: name, name, model: '', mode: null }, problem);
}
