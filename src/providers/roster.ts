import type { AgentProgram, Agents } from '../ports/agents.ts';
import { type ModelAccess, ModelError } from '../ports/models.ts';
import type { Seat } from '../town/polecat.ts';

/** A rehearsal of one playbook. */
export interface Rehearsal {
  start(): Promise<{ readonly address: string }>;
  goals(): Promise<readonly string[]>;
}

/** What one rig can be worked on with; each part is asked anew, because keys and settings change. */
export interface RosterParts {
  /** Null for every repository but a rehearsal's own: its words are scripted and must never meet real work. */
  readonly rehearsal: Rehearsal | null;
  readonly claude: () => { readonly enabled: boolean; readonly model: string };
  readonly claudeKey: () => Promise<string | null>;
  /** How the built-in worker is run. */
  readonly worker: AgentProgram;
}

const rehearsalSeat: Seat = {
  runner: 'worker',
  provider: 'rehearsal',
  tank: 'rehearsal',
  model: 'rehearsal',
};

/** Seats of the built-in worker over the providers whose models Rigs can reach. */
export class Roster implements Agents {
  readonly #parts: RosterParts;

  constructor(parts: RosterParts) {
    this.#parts = parts;
  }

  async seats(): Promise<readonly Seat[]> {
    if (this.#parts.rehearsal !== null) return [rehearsalSeat];
    const { enabled, model } = this.#parts.claude();
    if (!enabled || (await this.#parts.claudeKey()) === null) return [];
    return [{ runner: 'worker', provider: 'claude', tank: 'claude', model }];
  }

  program(_seat: Seat): Promise<AgentProgram> {
    return Promise.resolve(this.#parts.worker);
  }

  async access(seat: Seat): Promise<ModelAccess> {
    const { provider, model } = seat;
    if (provider === rehearsalSeat.provider) {
      if (this.#parts.rehearsal === null)
        throw new ModelError('auth', 'The rehearsal works only on its own sample.');
      const { address } = await this.#parts.rehearsal.start();
      return { provider, model, baseUrl: address, apiKey: 'rehearsal-needs-no-key' };
    }
    const apiKey = await this.#parts.claudeKey();
    if (apiKey === null)
      throw new ModelError('auth', 'There is no Claude API key; set one with "Rigs: Set Claude API Key…".');
    return { provider, model, baseUrl: null, apiKey };
  }

  async knownGoals(): Promise<readonly string[]> {
    return (await this.#parts.rehearsal?.goals()) ?? [];
  }

  async planner(): Promise<ModelAccess | null> {
    const [seat] = await this.seats();
    return seat === undefined ? null : this.access(seat);
  }
}
