import type * as vscode from 'vscode';
import type { Control } from '../foreman/control.ts';
import type { Conflict } from '../foreman/foresight.ts';
import type { FileMove } from '../ports/git.ts';
import type { Polled } from '../ports/agents.ts';
import type { ModelAccess } from '../ports/models.ts';
import type { TankNews } from '../town/fuel.ts';
import type { CommitId, PolecatId, RequestId } from '../town/ids.ts';
import type { LedgerState } from '../town/ledger.ts';
import type { TownAgents } from './townAgents.ts';

/** What a person can do about a memory that cannot be worked with; nothing of it is thrown away by either. */
export type Mend = 'startAfresh' | 'goOnFromLastGood';

interface Named {
  readonly name: string;
  readonly folder: string;
  readonly mend: Mend | null;
}

/** A repository of this window: shown here, or the reason why it is not. */
export type RigHandle =
  | (Named & {
      readonly kind: 'open';
      readonly control: Control;
      /** Another window does the work and takes this one's commands; its agents run in its own terminals. */
      readonly elsewhere: boolean;
    })
  | (Named & { readonly kind: 'closed'; readonly problem: string });

/** A question to all accounts that a person may call off. */
export interface Asking {
  readonly signal: AbortSignal;
  /** Called with each answer, and how many of how many came so far. */
  readonly onAnswer: (polled: Polled, answered: number, of: number) => void;
}

/** What merging will bring, before anything is merged. */
export interface Foreseen {
  /** Tip of the rig's target. */
  readonly target: CommitId;
  readonly conflicts: readonly Conflict[];
}

/** A branch of the person's, or a landing that they take back. */
export type ToEnter = { readonly branch: string } | { readonly landing: RequestId };

/** What came of it; `why` is a sentence. */
export type EnteredHere =
  { readonly ok: true; readonly request: RequestId } | { readonly ok: false; readonly why: string };

/** What trees, panels and commands of this window work on. */
export interface Town {
  readonly rigs: readonly RigHandle[];
  /** Absent where nothing is known of agents. */
  readonly agents?: TownAgents;
  /** Fires when a rig opens, closes or changes. */
  readonly onDidChange: vscode.Event<void>;
  /** Opens the repository of a folder as a rig; shows why when that is not possible, and returns null. */
  open(folder: vscode.Uri): Promise<Control | null>;
  /** Does what the handle of a folder's rig offers as its mend, and opens the rig again. */
  mend(folder: string): Promise<void>;
  /** The only goals that can be planned for a rig (a rehearsal's), or none when any can. */
  knownGoals(control: Control): Promise<readonly string[]>;
  /** Model that plans for a rig, or null when none is configured. */
  planner(control: Control): Promise<ModelAccess | null>;
  /** Tells the person's accounts something; shows why when they cannot be told. */
  tellTanks(news: readonly TankNews[]): Promise<void>;
  /** Asks vendors that say it for nothing what their accounts have left, and looks at programs and keys again. */
  refreshTanks(asking: Asking): Promise<readonly Polled[]>;
  /** What was drawn so far, in all of the person's rigs and windows; null, said in the log: it cannot be read. */
  ledger(): Promise<LedgerState | null>;
  /** Shows the terminal of a polecat; false when it has none in this window. */
  showTerminal(control: Control, polecat: PolecatId): boolean;
  /** Ends a polecat's agent at once; the bead goes on with the work kept. */
  killAgent(control: Control, polecat: PolecatId): Promise<void>;
  /** A file at a commit, for diffs; null when it is not there. */
  show(control: Control, commit: CommitId, path: string): Promise<string | null>;
  /** Files that differ between two commits, relative to the repository. */
  changedFiles(control: Control, from: CommitId, to: CommitId): Promise<readonly string[]>;
  /** What became of files from one commit to another, in the order they are asked for. Throws GitError. */
  lineMoves(
    control: Control,
    between: readonly [CommitId, CommitId],
    paths: readonly string[],
  ): Promise<readonly FileMove[]>;
  /** Which of these commits, and of the target's newest, conflict; null: the target is not there. */
  foresee(control: Control, commits: readonly CommitId[]): Promise<Foreseen | null>;
  /** Local branches, by name. */
  branches(control: Control): Promise<readonly string[]>;
  /** Has something enter the merge queue, wherever the rig is run. */
  enter(control: Control, wanted: ToEnter): Promise<EnteredHere>;
  /** Tracked files of the target, relative to the repository, for planning. */
  files(control: Control): Promise<readonly string[]>;
}
