import type { Seat } from '../town/polecat.ts';
import type { ModelAccess } from './models.ts';

/** How a seat's program is started inside the shim. */
export interface AgentProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What Rigs can run work with, asked anew at each tick: settings, keys and installed programs change. */
export interface Agents {
  /** Seats in configured order that could take work on this rig now. */
  seats(): Promise<readonly Seat[]>;
  program(seat: Seat): Promise<AgentProgram>;
  /** Access for the built-in worker; throws `ModelError` `auth` when there is no key. */
  access(seat: Seat): Promise<ModelAccess>;
  /** The only goals that can be planned here, as a rehearsal's script has them; empty when any can. */
  knownGoals(): Promise<readonly string[]>;
  /** Access for planning, or null when no model is configured for it. */
  planner(): Promise<ModelAccess | null>;
}
