import {
  type AgentProgram,
  type AgentSession,
  type AgentTask,
  type Agents,
  type AssayerUse,
  type FreePoll,
  HookError,
  type HookMeaning,
  type RunnerState,
  type Sighting,
} from '../ports/agents.ts';
import type { AssayerRole } from '../ports/apis.ts';
import { type ModelAccess, ModelError } from '../ports/models.ts';
import { type Seat, builtIn } from '../town/polecat.ts';
import type { ApiProvider } from './apiProvider.ts';
import { ApiRunners, type ApiState } from './apiRunners.ts';
import { pollOfApi, pollOfVendor } from './freePolls.ts';
import { Programs } from './programs.ts';
import { broken, commonOf, unusable } from './runnerState.ts';
import { seatOf } from './seatOf.ts';
import { unconfirmedBypass } from './unconfirmedBypass.ts';
import type { RigsProgram, Vendor, VendorSettings } from './vendor.ts';

/** A rehearsal of one playbook. */
export interface Rehearsal {
  start(): Promise<{ readonly address: string }>;
  goals(): Promise<readonly string[]>;
}

/** A vendor's command line as the person set it. */
export interface SetVendor {
  readonly vendor: Vendor;
  readonly settings: VendorSettings;
}

/** An agent of a person's own whose entry makes no sense. */
export interface BrokenVendor {
  /** By which it is shown; no other one has it. */
  readonly name: string;
  /** What is wrong with it. */
  readonly problem: string;
}

/** A provider whose models can be asked now. `has`: what its server says it has; null: any name may be tried. */
export interface Askable {
  readonly provider: string;
  readonly has: readonly string[] | null;
  readonly free: boolean;
  readonly model: string | null;
}

const nobodys: AssayerUse = { author: null, unasked: false };

/** What one rig can be worked on with; each part is asked anew, because keys and settings change. */
export interface RosterParts {
  /** Null for every repository but a rehearsal's own: its words are scripted and must never meet real work. */
  readonly rehearsal: Rehearsal | null;
  /** Models that the built-in worker can work with, in configured order. */
  readonly apis: () => readonly ApiProvider[];
  /** Which of the models that can be asked does a role's work; null: none. */
  readonly assayer: (
    role: AssayerRole,
    askable: readonly Askable[],
    use: AssayerUse,
  ) => { readonly provider: string; readonly model: string } | null;
  /** How the built-in worker is run. */
  readonly worker: AgentProgram;
  /** Command lines, those taken first before the others. */
  readonly vendors: () => readonly (SetVendor | BrokenVendor)[];
  /** How their agents call back; null where that could not be set up, and then none of them has a seat. */
  readonly rigs: RigsProgram | null;
}

const rehearsalSeat: Seat = {
  runner: builtIn,
  provider: 'rehearsal',
  tank: 'rehearsal',
  model: 'rehearsal',
};

/** Seats of the vendors' command lines, and of the built-in worker over the models that Rigs can reach. */
export class Roster implements Agents {
  readonly #parts: RosterParts;
  readonly #programs = new Programs();
  readonly #apis: ApiRunners;

  constructor(parts: RosterParts) {
    this.#parts = parts;
    this.#apis = new ApiRunners(() => parts.apis());
  }

  async seats(): Promise<readonly Seat[]> {
    if (this.#parts.rehearsal !== null) return [rehearsalSeat];
    return (await this.runners()).filter((one) => one.problem === null).map(seatOf);
  }

  async runners(fresh = false): Promise<readonly RunnerState[]> {
    if (fresh) {
      this.#programs.forget();
      this.#apis.forget();
    }
    const vendors = this.#parts
      .vendors()
      .map((one) => ('vendor' in one ? this.#lookAt(one) : Promise.resolve(broken(one.name, one.problem))));
    const [found, apis] = await Promise.all([Promise.all(vendors), this.#apiStates()]);
    return [...found, ...apis.map(({ has: _has, free: _free, ...runner }) => runner)];
  }

  async polls(): Promise<readonly FreePoll[]> {
    if (this.#parts.rehearsal !== null) return [];
    const vendors = this.#parts.vendors().filter((one) => 'vendor' in one);
    const [programs, apis] = await Promise.all([
      Promise.all(vendors.map(async (set) => ({ set, runner: await this.#lookAt(set) }))),
      this.#apiStates(),
    ]);
    return [
      ...programs
        .filter(({ runner }) => runner.problem === null)
        .map(({ set, runner }) => pollOfVendor(set.vendor, runner)),
      ...apis
        .filter(({ problem }) => problem === null)
        .map((api) => pollOfApi(api, () => this.#apis.access(api.provider, api.model))),
    ];
  }

  async start(task: AgentTask): Promise<AgentProgram> {
    if (task.seat.runner === builtIn) return this.#parts.worker;
    const { vendor, settings } = this.#vendorOf(task.seat);
    const refused = unconfirmedBypass(vendor, settings);
    if (refused !== null) throw new Error(refused);
    const { rigs } = this.#parts;
    const found = await this.#programs.find(vendor, settings);
    if (found === null || rigs === null)
      throw new Error(
        `${vendor.name} cannot be started: ${settings.command || vendor.command} is not found.`,
      );
    const started = await vendor.start(task, {
      ...{ program: found.file, version: found.version },
      ...{ settings, rigs },
    });
    return { ...started, env: { ...started.env, ...rigs.hookEnv } };
  }

  hook(seat: Seat, event: string, body: string): HookMeaning {
    if (seat.runner === builtIn) throw new HookError('The built-in agent has no hooks.');
    return this.#vendorOf(seat).vendor.hook(event, body);
  }

  async watch(session: AgentSession, see: (sighting: Sighting) => void, signal: AbortSignal): Promise<void> {
    if (session.seat.runner !== builtIn)
      await this.#vendorOf(session.seat).vendor.watch(session, see, signal);
  }

  quit(seat: Seat): 'interrupt' | 'terminate' {
    return this.#find(seat)?.vendor.quit ?? 'interrupt';
  }

  hears(seat: Seat): boolean {
    return this.#find(seat)?.vendor.hears ?? false;
  }

  async access(seat: Seat): Promise<ModelAccess> {
    const { provider, model } = seat;
    if (provider === rehearsalSeat.provider) {
      if (this.#parts.rehearsal === null)
        throw new ModelError('auth', 'The rehearsal works only on its own sample.');
      const { address } = await this.#parts.rehearsal.start();
      return { provider, wire: 'anthropic', model, baseUrl: address, apiKey: 'rehearsal-needs-no-key' };
    }
    return this.#apis.access(provider, model);
  }

  async knownGoals(): Promise<readonly string[]> {
    return (await this.#parts.rehearsal?.goals()) ?? [];
  }

  async assayer(role: AssayerRole, use: AssayerUse = nobodys): Promise<ModelAccess | null> {
    // Its script plans, and does nothing else of the assayer's.
    if (this.#parts.rehearsal !== null) return role === 'planner' ? this.access(rehearsalSeat) : null;
    const usable = (await this.#apiStates()).filter(({ problem }) => problem === null);
    const askable = usable.map(({ provider, has, free, model }) => ({
      provider,
      has,
      free,
      model: model || null,
    }));
    const chosen = this.#parts.assayer(role, askable, use);
    return chosen === null ? null : this.#apis.access(chosen.provider, chosen.model);
  }

  #apiStates(): Promise<readonly ApiState[]> {
    const runners = this.#parts.vendors().map((one) => ('vendor' in one ? one.vendor.runner : one.name));
    return this.#apis.states(new Set(runners));
  }

  #find(seat: Seat): SetVendor | undefined {
    return this.#parts
      .vendors()
      .filter((one) => 'vendor' in one)
      .find(({ vendor }) => vendor.runner === seat.runner);
  }

  #vendorOf(seat: Seat): SetVendor {
    const found = this.#find(seat);
    if (found === undefined) throw new Error(`There is no agent ${seat.runner} in the settings any more.`);
    return found;
  }

  /** What is wrong with one of them keeps no other one from its work. */
  async #lookAt(set: SetVendor): Promise<RunnerState> {
    try {
      return await this.#stateOf(set);
    } catch (error) {
      return unusable(
        commonOf(set.vendor, set.settings),
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  async #stateOf({ vendor, settings }: SetVendor): Promise<RunnerState> {
    const common = commonOf(vendor, settings);
    if (!settings.enabled)
      return { ...common, program: null, known: 'unsaid', problem: { kind: 'disabled' } };
    const found = await this.#programs.find(vendor, settings);
    if (found === null) {
      const command = settings.command || vendor.command;
      return {
        ...common,
        program: null,
        known: 'unsaid',
        problem: { kind: 'missing', command, install: vendor.install },
      };
    }
    const { file, version, known } = found;
    const program = { file, version };
    const refused = unconfirmedBypass(vendor, settings);
    const detail = this.#parts.rigs === null ? noCallBack : refused;
    return { ...common, program, known, problem: detail === null ? null : { kind: 'unusable', detail } };
  }
}

const noCallBack = 'The rigs command, by which its agents report, could not be set up.';
