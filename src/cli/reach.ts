import type { Configuration } from '../config/config.ts';
import type { Answer, Wish } from '../foreman/control.ts';
import type { Polled, RunnerState } from '../ports/agents.ts';
import type { CommentAnswer, SplitDraft } from '../ports/desk.ts';
import type { Entering } from '../ports/entering.ts';
import type { Notice } from '../ports/notices.ts';
import type { KnownRig } from '../town/account.ts';
import type { Bead, BeadDraft } from '../town/bead.ts';
import type { DispatchFacts } from '../town/dispatch.ts';
import type { Fuel, TankNews } from '../town/fuel.ts';
import type { LedgerState } from '../town/ledger.ts';
import type { BeadId, Instant, PolecatId } from '../town/ids.ts';
import type { Reason } from '../town/reason.ts';
import type { RigState } from '../town/state.ts';
import type { Agent } from '../gateway/tokens.ts';

/** What commands know of one rig. */
export interface Reading {
  /** The rig's state folder. */
  readonly folder: string;
  /** As of the last durable change. */
  readonly state: RigState;
  /** Why a bead is where it is; null when only its owner could tell. */
  why(bead: BeadId): Reason | null;
  /** Also one that went to the archive; null: there is none. */
  bead(id: BeadId): Promise<Bead | null>;
  /** The newest lines, oldest of them first. */
  feed(limit: number): Promise<readonly Notice[]>;
}

/** What a person's accounts can give, to all of their rigs and windows. Each throws `CommandError` `no_owner`. */
export interface Accounts {
  fuel(): Promise<Fuel>;
  /** What was drawn so far, in all rigs and windows. */
  ledger(): Promise<LedgerState>;
  /** Durable when it resolves. */
  tell(news: readonly TankNews[]): Promise<void>;
}

export type PlanReply =
  /** Text of a `plan.rigs.md`. */
  | { readonly ok: true; readonly text: string }
  /** Why there is no plan, and what to do, as a sentence. */
  | { readonly ok: false; readonly message: string };

/** A folder, or an address to clone from. */
export type RigSource = { readonly path: string } | { readonly url: string; readonly name: string | null };

/** What an agent says of its own bead. `kept`: no window answered; it is taken up once one runs the rig. */
export interface Worker {
  done(summary: string, signal: AbortSignal): Promise<DoneSaid>;
  /** What it keeps for whoever goes on after it. */
  checkpoint(text: string): Promise<Said>;
  forget(): Promise<Said>;
  handOff(text: string): Promise<Said>;
  /** Further beads in its convoy; empty when kept, because their ids are drawn later. */
  split(drafts: readonly SplitDraft[]): Promise<Said & { readonly beads: readonly BeadId[] }>;
  /** Throws `CommandError` `no_owner`: it is for the one who runs the rig to say whether it counts. */
  comment(answer: CommentAnswer): Promise<void>;
  /** Its worktree as it is now; null when nobody who may run git answers. */
  worktree(): Promise<WorktreeNow | null>;
}

export interface Said {
  readonly kept: boolean;
}

export type DoneSaid =
  { readonly kept: true } | { readonly kept: false; readonly accepted: boolean; readonly message: string };

export interface WorktreeNow {
  readonly commit: string;
  readonly uncommitted: readonly string[];
}

/** What is a person's and no rig's. Each may throw `CommandError`. */
export interface Person {
  /** All rigs that windows of theirs opened. */
  rigs(): Promise<readonly KnownRig[]>;
  /** Adds a rig, or finds it added; resolves with its name and root. */
  addRig(source: RigSource): Promise<{ readonly name: string; readonly root: string }>;
  /** Takes it off the list; its state and worktrees stay. */
  removeRig(root: string): Promise<void>;
  enableProvider(which: Pick<RunnerState, 'runner' | 'provider'>, enabled: boolean): Promise<void>;
  /** Puts the terminal of an agent before the person; false when it is in another window or gone. */
  showTerminal(polecat: PolecatId): boolean;
}

/** Everything commands reach: data in, data out. Where no window runs the rig, only reading and `Worker` work. */
export interface Reach {
  /** Who runs the rig; null: nobody, and what is read is what lies on disk. */
  readonly owner: { readonly pid: number; readonly since: Instant } | null;
  readonly rig: Reading;
  readonly now: () => Instant;
  /** Throws `CommandError` `no_owner`. */
  wish(wish: Wish): Promise<Answer>;
  /** Each throws `CommandError` `no_owner`. */
  readonly entering: Entering;
  /** A new bead of a person, without a convoy; kept under the command's id. Throws `CommandError`. */
  keepBead(id: string, draft: BeadDraft): Promise<void>;
  /** Every runner with what keeps it from being used. `fresh`: looked at anew. Throws `CommandError` `no_owner`. */
  runners(fresh: boolean): Promise<readonly RunnerState[]>;
  readonly accounts: Accounts;
  /** Asks every account for what costs nothing, and keeps what it says. Throws `CommandError` `no_owner`. */
  askTanks(signal: AbortSignal): Promise<readonly Polled[]>;
  /** What dispatch works with, as last looked at. Throws `CommandError` `no_owner`. */
  facts(): DispatchFacts;
  /** Every setting with where it comes from. Throws `CommandError` `no_owner`. */
  configuration(): Configuration;
  /** Throws `CommandError` `no_owner`. */
  plan(goal: string, signal: AbortSignal): Promise<PlanReply>;
  readonly person: Person;
  /** `id` is the command's: said again under it, the same is said. */
  worker(agent: Agent, id: string): Worker;
  /** Told of what no command foresaw. */
  failed(error: unknown): void;
}
