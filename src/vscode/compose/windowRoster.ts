import type { AgentMode, AgentProgram, AgentTask } from '../../ports/agents.ts';
import type { Caller } from '../../ports/desk.ts';
import { Roster, type RosterParts } from '../../providers/roster.ts';
import { builtIn } from '../../town/polecat.ts';
import type { RigsInstall } from './rigsInstall.ts';

export interface WindowRosterParts extends Omit<RosterParts, 'rigs'> {
  readonly rigs: RigsInstall;
  /** Remembers with which mode a session starts, before it does. */
  readonly launched: (caller: Caller, mode: AgentMode) => Promise<void>;
}

/** The agents of a rig in a window, whose `rigs` command may still be on its way. */
export class WindowRoster extends Roster {
  readonly #parts: WindowRosterParts;

  constructor(parts: WindowRosterParts) {
    super({
      ...parts,
      get rigs() {
        return parts.rigs.usable;
      },
    });
    this.#parts = parts;
  }

  override async start(task: AgentTask): Promise<AgentProgram> {
    const { rigs, vendors, launched } = this.#parts;
    if (task.seat.runner === builtIn) return super.start(task);
    await rigs.ready();
    // In one turn, so that what is remembered is what the program is told.
    const set = vendors()
      .filter((one) => 'vendor' in one)
      .find(({ vendor }) => vendor.runner === task.seat.runner);
    const starting = super.start(task);
    if (set === undefined) return starting;
    const [program] = await Promise.all([starting, launched(task.caller, set.settings.mode)]);
    return program;
  }
}
