import type { Control } from '../foreman/control.ts';
import type { Delivery } from '../foreman/messages.ts';
import type { AgentMode, Agents, RunnerState } from '../ports/agents.ts';
import type { PolecatId, Token } from '../town/ids.ts';

/** A polecat's session. */
export interface Session {
  readonly polecat: PolecatId;
  readonly token: Token;
}

/** What a window's rigs know of the agents they can work with. */
export interface TownAgents {
  /** As last looked at; empty until then, and for a rig that another window owns. */
  runners(control: Control): readonly RunnerState[];
  /** Takes up what settings, keys and the last look at the machine say by now. */
  refresh(control: Control): Promise<void>;
  /** Looks at the machine again. */
  look(control: Control): Promise<readonly RunnerState[]>;
  /** The mode that a session was started with, whatever the settings say by now; null: not known. */
  launchedMode(control: Control, session: Session): AgentMode | null;
  message(control: Control, polecat: PolecatId, text: string): Promise<Delivery>;
}

/** Of a window that has none. */
export const noAgents: TownAgents = {
  runners: () => [],
  refresh: () => Promise.resolve(),
  look: () => Promise.resolve([]),
  launchedMode: () => null,
  message: () => Promise.resolve('refused'),
};

/** What a rig that is owned by this window gives. */
export interface RigAgents {
  readonly agents: Pick<Agents, 'runners'>;
  readonly messages: { send(polecat: PolecatId, text: string): Promise<Delivery> };
}

/** The agents of all rigs that this window owns, remembered between looks. */
export class KnownAgents implements TownAgents {
  readonly #known = new WeakMap<Control, readonly RunnerState[]>();
  readonly #rigOf: (control: Control) => RigAgents | null;
  readonly #changed: () => void;
  readonly #launchedMode: TownAgents['launchedMode'];

  /** `changed` is called when a look found something new. */
  constructor(
    rigOf: (control: Control) => RigAgents | null,
    changed: () => void,
    launchedMode: TownAgents['launchedMode'],
  ) {
    this.#rigOf = rigOf;
    this.#changed = changed;
    this.#launchedMode = launchedMode;
  }

  runners(control: Control): readonly RunnerState[] {
    return this.#known.get(control) ?? [];
  }

  async look(control: Control): Promise<readonly RunnerState[]> {
    return this.#take(control, true);
  }

  async refresh(control: Control): Promise<void> {
    await this.#take(control, false);
  }

  launchedMode(control: Control, session: Session): AgentMode | null {
    return this.#launchedMode(control, session);
  }

  message(control: Control, polecat: PolecatId, text: string): Promise<Delivery> {
    return this.#rigOf(control)?.messages.send(polecat, text) ?? Promise.resolve('refused');
  }

  async #take(control: Control, fresh: boolean): Promise<readonly RunnerState[]> {
    const rig = this.#rigOf(control);
    if (rig === null) return [];
    const before = JSON.stringify(this.runners(control));
    const found = await rig.agents.runners(fresh);
    this.#known.set(control, found);
    if (JSON.stringify(found) !== before) this.#changed();
    return found;
  }
}
