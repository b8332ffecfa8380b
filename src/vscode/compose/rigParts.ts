import type * as vscode from 'vscode';
import type { Configuration } from '../../config/config.ts';
import type { Person, PlanReply } from '../../cli/reach.ts';
import type { Control } from '../../foreman/control.ts';
import type { Account } from '../../ports/account.ts';
import type { Agents } from '../../ports/agents.ts';
import type { EditorProblems } from '../../ports/editorProblems.ts';
import type { Git, Repository } from '../../ports/git.ts';
import type { RigsProgram } from '../../providers/vendor.ts';
import type { Terminals } from '../../ports/terminals.ts';
import type { OwnerWatch } from '../../store/ownerWatch.ts';
import type { Reason } from '../../town/reason.ts';
import type { RigSettings } from './rigSettings.ts';

/** What the `rigs` command reaches in a window beyond one rig. */
export interface WindowCommands {
  readonly person: Person;
  readonly configuration: () => Configuration;
  readonly plan: (rig: Control, agents: Agents, goal: string, signal: AbortSignal) => Promise<PlanReply>;
}

/** What a window hands over for one of its rigs. */
export interface OpenRigParts {
  readonly git: Git;
  readonly repository: Repository;
  readonly storageRoot: string;
  /** Key of this window, the same over its reloads. */
  readonly window: string;
  /** What this window has seen of the rig's owner so far. */
  readonly watch?: OwnerWatch;
  readonly distFolder: string;
  readonly terminals: Terminals;
  /** Absent: no editor runs here. */
  readonly editor?: EditorProblems;
  readonly settings: RigSettings;
  /** The person's, shared by all their windows. */
  readonly account: Account;
  readonly agents: (stateFolder: string) => Promise<Agents>;
  /** How agents call back; null where that could not be set up. */
  readonly rigs: RigsProgram | null;
  readonly commands: WindowCommands;
  readonly log: Pick<vscode.LogOutputChannel, 'info' | 'error'>;
  /** The setting names a target that the rig cannot have; absent where nobody looks. */
  readonly targetRefused?: (why: Reason) => void;
}
