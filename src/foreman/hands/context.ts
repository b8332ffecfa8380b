import type { Account } from '../../ports/account.ts';
import type { Agents } from '../../ports/agents.ts';
import type { Checks } from '../../ports/checks.ts';
import type { EditorProblems } from '../../ports/editorProblems.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git, Repository, Share } from '../../ports/git.ts';
import type { Ids } from '../../ports/ids.ts';
import type { ModelAccess, Models } from '../../ports/models.ts';
import type { Processes, Tokens } from '../../ports/processes.ts';
import type { Terminals } from '../../ports/terminals.ts';
import type { ApprovalRule } from '../../town/autoApprove.ts';
import type { Budgets } from '../../town/budgets.ts';
import type { CheckDefinition } from '../../town/check.ts';
import type { PriceRow } from '../../town/prices.ts';
import type { DispatchFacts } from '../../town/dispatchFacts.ts';
import type { QueueSettings, RefineryStyle } from '../../town/queueSettings.ts';
import type { Facts, Reason } from '../../town/reason.ts';
import type { Routing } from '../../town/routing.ts';
import type { RigState } from '../../town/state.ts';
import type { Answer, Wish } from '../control.ts';
import type { NoticeCode } from '../../ports/notices.ts';
import type { Bead } from '../../town/bead.ts';
import type { PolecatId, RequestId } from '../../town/ids.ts';
import type { Messages } from '../messages.ts';
import type { Places } from '../places.ts';
import type { ProofRooms } from '../proofRooms.ts';
import type { Sightings } from '../sightings.ts';

/** How the merge queue proves and lands. */
export interface RefinerySettings extends QueueSettings {
  readonly style: RefineryStyle;
  /** By which work is approved without a person; absent: none. */
  readonly autoApprove?: readonly ApprovalRule[];
  /** Work is held back by new errors among an editor's Problems; absent: it is not. */
  readonly editorProblems?: boolean;
  /** Conflicts are merged by their syntax where the machine has a program for it; absent: they are. */
  readonly structural?: boolean;
  /** What landed is pushed to the remote's branch of the same name; absent: it is not. */
  readonly push?: boolean;
}

/** What the person set; read anew whenever it is used. */
export interface ForemanSettings {
  readonly maxPolecats: number;
  /** How seats are chosen. */
  readonly routing: Routing;
  /** Agents at once over all of the person's rigs and windows. */
  readonly maxAgents: number;
  /** Absent: none. */
  readonly budgets?: Budgets;
  /** The person's own prices, which count before those that are known; absent: none. */
  readonly prices?: readonly PriceRow[];
  /** How long an agent at work may give no sign before a person is told. */
  readonly silentAfterMs: number;
  readonly worktreeSetup: CheckDefinition | null;
  readonly refinery: RefinerySettings;
  /** `rigs.worktree.share`: folders of the person's checkout that new worktrees get, `/` between parts, and how. */
  readonly share: Readonly<Record<string, Share>>;
  /** Worktrees filled ahead, so that the next polecats start at once. */
  readonly spareWorktrees: number;
  /** Command lines agents may run without asking, besides the checks themselves. */
  readonly allowedCommands: readonly string[];
  /** Tasks are worded for their agents before they start, and work is inspected before it may land, where a model is there. */
  readonly optimize: boolean;
  readonly inspect: boolean;
  /** Part of the tasks worth wording, 0–1, that stay as they are, so that what wording saves can be measured. */
  readonly controlShare: number;
}

/** Everything a hand works with. Hands read the state, act, and tell what came of it as a wish. */
export interface HandContext {
  readonly repository: Repository;
  /** The rig's id, by which the person's account knows it. */
  readonly rig: string;
  /** The owner's: what it tells outside is fenced by it. */
  readonly epoch: number;
  readonly account: Account;
  readonly places: Places;
  readonly git: Git;
  readonly forge: Forge;
  readonly terminals: Terminals;
  readonly agents: Agents;
  /** Models behind an access that `agents` gave. Throws `ModelError`. */
  openModels(access: ModelAccess): Promise<Models>;
  readonly checks: Checks;
  /** Absent: no editor runs here. */
  readonly editor?: EditorProblems;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly processes: Processes;
  readonly tokens: Tokens;
  readonly proofRooms: ProofRooms;
  /** Of the merge queue: as many as runs of the checks there may ever be at once. */
  readonly queueRooms: ProofRooms;
  readonly sightings: Sightings;
  readonly messages: Messages;
  /** Folder with `rigs`, first on every agent's PATH; null where it could not be made. */
  readonly bin: string | null;
  /** Takes up what agents said while nobody answered them; to be called before an agent's end is believed. */
  takeUpReports(): Promise<void>;
  settings(): ForemanSettings;
  state(): RigState;
  /** What dispatch goes by now. */
  facts(): DispatchFacts;
  wish(wish: Wish): Promise<Answer>;
  say(line: Line): void;
}

/** A feed line before it gets its instant. */
export interface Line {
  readonly what: NoticeCode;
  readonly level: 'info' | 'good' | 'warning' | 'error';
  readonly facts?: Facts;
  readonly why?: Reason;
  readonly bead?: Bead;
  readonly polecat?: PolecatId;
  readonly request?: RequestId;
}
