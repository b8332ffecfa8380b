import type { Hunk } from '../town/anchor.ts';
import type { CommitId } from '../town/ids.ts';

/** A repository as Rigs sees it. Paths are real paths (symlinks resolved). */
export interface Repository {
  /** Real path of the common git directory; the rig's identity. */
  readonly commonDir: string;
  /** Top of the main worktree; null for a bare repository (refused elsewhere). */
  readonly root: string;
  /** Short name of the branch checked out in the main worktree, null when detached. */
  readonly branch: string | null;
  readonly remote: string | null;
}

export interface DiffStat {
  readonly files: readonly string[];
  readonly insertions: number;
  readonly deletions: number;
}

/** What became of a file between two commits. */
export interface FileMove {
  /** Its name now; null: it went. */
  readonly path: string | null;
  readonly hunks: readonly Hunk[];
}

export interface BranchTip {
  readonly commit: CommitId;
  readonly tree: string;
}

export type LandingStyle = 'merge' | 'squash' | 'rebase';

/** What the commits of a landing say. Any text: what could pass for more than it is, is made harmless. */
export interface LandingMessage {
  readonly subject: string;
  readonly body: string;
  readonly trailers: readonly (readonly [string, string])[];
}

export interface ToMerge {
  readonly head: CommitId;
  readonly style: LandingStyle;
  readonly message: LandingMessage;
  /** Instant written into the commits made (absolute UTC milliseconds), so that the same are made each time. */
  readonly at: number;
}

export type MergeResult =
  /** `empty`: it is in `onto` already; `commit` is `onto`. */
  | { readonly ok: true; readonly commit: CommitId; readonly tree: string; readonly empty: boolean }
  /** `files` conflict; `hunks` is git's word on each and the diff with markers. */
  | { readonly ok: false; readonly files: readonly string[]; readonly hunks: string };

/** By what a conflict may be settled without anybody. */
export interface Settling {
  /** Folder of Rigs' own that remembers how conflicts were settled. */
  readonly memory: string;
  /** Names of lessons that turned out wrong: they are forgotten. */
  readonly disowned: readonly string[];
  /** By syntax as well, where the machine has a program for it. */
  readonly structural: boolean;
  readonly now: number;
}

/** A conflict that is settled: each file as it was before, or by its syntax. */
export interface SettledMerge {
  readonly commit: CommitId;
  readonly tree: string;
  readonly by: readonly ('memory' | 'structure')[];
  readonly files: readonly string[];
  /** Names of the lessons it was settled by. */
  readonly lessons: readonly string[];
}

/** Two commits that conflict, and one whose files say what was made of it. */
export interface Settlement {
  readonly ours: CommitId;
  readonly theirs: CommitId;
  readonly settled: CommitId;
}

/** A merge that a person finishes in a worktree. */
export interface BegunMerge {
  /** What the branch holds, what is merged into it, and where both began. */
  readonly head: CommitId;
  readonly onto: CommitId;
  readonly base: CommitId | null;
  /** What git could not merge. */
  readonly files: readonly string[];
}

export type FinishedMerge =
  | { readonly ok: true; readonly commit: CommitId }
  /** `marked` have conflict markers; `undecided` are no matter of lines, and stand there as git left them. */
  | { readonly ok: false; readonly marked: readonly string[]; readonly undecided: readonly string[] };

export type PushResult =
  | { readonly ok: true }
  /**
   * rejected: the remote's branch has moved on · unreachable: no answer, or none in time, and then the commit may have
   * arrived · refused: the remote does not want it, or does not know who asks. `detail` is its word.
   */
  | {
      readonly ok: false;
      readonly why: 'rejected' | 'unreachable' | 'refused';
      readonly detail: string;
    };

export type LandResult =
  | { readonly ok: true; readonly checkout: CheckoutResult }
  /** The target is not where the candidate was proven on; nothing changed. */
  | { readonly ok: false; readonly found: CommitId | null };

/** What became of a worktree that has the target checked out. */
export type CheckoutResult =
  | { readonly kind: 'not_checked_out' }
  | { readonly kind: 'moved_along' }
  /** The person's own changes touch `files`; their worktree was left alone. */
  | { readonly kind: 'left_alone'; readonly files: readonly string[] };

/** Something in the trash that is old enough to go, and why it stays. */
export interface KeptSlot {
  readonly path: string;
  readonly why: 'unknown_age' | 'unfinished' | 'holds_commits' | 'holds_repository' | 'not_removed';
  /** Commits, a path, or the system's words. */
  readonly detail: string;
}

export interface EmptiedTrash {
  readonly removed: readonly string[];
  readonly kept: readonly KeptSlot[];
}

/** A command that a repository's own configuration defines. */
export interface LocalProgram {
  readonly key: string;
  readonly value: string;
  /** The person's own configuration says the same, it is a well-known helper, or they approved it. */
  readonly honoured: boolean;
}

/**
 * How a worktree gets a folder of the person's checkout. link: a symlink to it · clone: a copy that shares its blocks
 * where the file system can do that, else a plain one · copy: a plain copy.
 */
export type Share = 'link' | 'clone' | 'copy';

/** What a new worktree gets of what git ignores. */
export interface Furniture {
  /** Where `.worktreeinclude` is read: the target's, never a branch's. */
  readonly commit: CommitId;
  /** Folders of the person's setting, relative, `/` between parts. */
  readonly share: Readonly<Record<string, Share>>;
}

/** Something that was wanted in a worktree and is not there. */
export interface LeftOut {
  /** Relative to the worktree, `/` between parts. */
  readonly path: string;
  /**
   * not_ignored: git would commit it there · too_large, too_many: beyond what `.worktreeinclude` may bring · leads_out: a
   * link out of the repository · unreadable, not_a_file: it cannot be copied · bad_path: not a path inside it ·
   * missing: the person's checkout has no such folder · taken: a file of the worktree has that name.
   */
  readonly why:
    | 'not_ignored'
    | 'too_large'
    | 'too_many'
    | 'leads_out'
    | 'unreadable'
    | 'not_a_file'
    | 'bad_path'
    | 'missing'
    | 'taken';
}

export interface Furnished {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** Who owns a rig: its id, and the epoch its owner's journal was opened under. */
export interface Lease {
  readonly rig: string;
  readonly epoch: number;
}

/**
 * The only room that runs git, and the only one that removes a worktree or branch. Every call may throw
 * `GitError`; none leaves a half-done state behind that a second call of the same would not finish.
 */
export interface Git {
  /** Throws GitError `git_missing`, `git_too_old`, `not_a_repository`, `bare`, `no_commit`. */
  describe(folder: string): Promise<Repository>;
  /**
   * Makes this the owner whose refs move in the repository: from now on each move verifies, in its own transaction,
   * that no later owner has taken the lease, and else throws `fenced` with nothing changed. Throws `fenced` too when
   * the same rig stands there under this epoch or a later one. Taking it again with the same lease is harmless. Without
   * ever taking one, refs move unverified.
   */
  takeLease(repository: Repository, lease: Lease): Promise<void>;
  /** Commit that work for `target` starts from: the remote's tip when it is ahead and reachable, else the local one. */
  freshestBase(repository: Repository, target: string, signal?: AbortSignal): Promise<CommitId>;
  /**
   * The remote's branch, looked at anew, or as it was last seen where nobody answers; null: none is known, or there is no
   * remote.
   */
  remoteTip(repository: Repository, branch: string, signal?: AbortSignal): Promise<CommitId | null>;
  /** A commit and those before it along first parents, newest first, at most so many. */
  firstParents(repository: Repository, tip: CommitId, most: number): Promise<readonly BranchTip[]>;
  /** A commit with the files of `commit` and the history of both, so that a branch at `before` can move on to it. */
  joinOnto(repository: Repository, before: CommitId, commit: CommitId, at: number): Promise<CommitId>;
  /** Null when the branch does not exist. */
  tip(repository: Repository, branch: string): Promise<BranchTip | null>;
  /** The tree of a commit: what a result of checks is bound to. */
  treeOf(repository: Repository, commit: CommitId): Promise<string>;
  /**
   * Makes the worktree with a new branch at `base`; adopts one that stands there already with that branch. Takes one of
   * the `spares` when there is one, so that only what changed since it was made has to be written.
   */
  addWorktree(
    repository: Repository,
    path: string,
    branch: string,
    base: CommitId,
    spares?: string,
  ): Promise<void>;
  /**
   * Brings what git ignores into a new worktree: the files that `.worktreeinclude` names and the folders of the setting,
   * from the person's own checkout. Writes over nothing. Said again, it finishes what was cut short.
   */
  furnish(
    repository: Repository,
    path: string,
    furniture: Furniture,
    signal?: AbortSignal,
  ): Promise<Furnished>;
  /** Fills worktrees ahead in a folder of Rigs' own, until there are `count`; for when nothing else is to be done. */
  prepareSpares(
    repository: Repository,
    folder: string,
    base: CommitId,
    count: number,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Commits everything not ignored onto the worktree's own branch, or its detached HEAD; null when there was nothing.
   * Hooks of the repository do not run. Throws `taken` when another branch is checked out there.
   */
  commitAll(worktree: string, message: string, branch: string): Promise<CommitId | null>;
  head(worktree: string): Promise<BranchTip>;
  /**
   * Returns once every object of `base..commit` and the refs at `commit` are on the disk, also those that an agent's own
   * git wrote and did not sync. Before a done is acknowledged. Throws when an object is missing.
   */
  makeDurable(repository: Repository, base: CommitId, commit: CommitId): Promise<void>;
  /** Files that differ from the last commit, untracked ones included, ignored ones not. */
  uncommitted(worktree: string): Promise<readonly string[]>;
  diffStat(repository: Repository, from: CommitId, to: CommitId): Promise<DiffStat>;
  /** Unified diff as text, cut at `maxBytes` with a line that says so. */
  diff(repository: Repository, from: CommitId, to: CommitId, maxBytes: number): Promise<string>;
  /** Newest first: subject lines of commits in `from..to`. */
  log(
    repository: Repository,
    from: CommitId,
    to: CommitId,
  ): Promise<readonly { readonly commit: CommitId; readonly subject: string }[]>;
  /** Every file of a commit, relative, `/` between folders. */
  files(repository: Repository, commit: CommitId): Promise<readonly string[]>;
  /** A file's text at a commit; null when it is not there or is binary. */
  show(repository: Repository, commit: CommitId, path: string): Promise<string | null>;
  /** What became of each of these files, renamed ones included, so that a place in the old one is found in the new one. */
  lineMoves(
    repository: Repository,
    between: readonly [CommitId, CommitId],
    paths: readonly string[],
  ): Promise<readonly FileMove[]>;
  mergeBase(repository: Repository, a: CommitId, b: CommitId): Promise<CommitId | null>;
  isAncestor(repository: Repository, ancestor: CommitId, of: CommitId): Promise<boolean>;
  /** Throws `fenced` when another owner of the rig has taken the lease since. */
  assertOwner(repository: Repository): Promise<void>;
  /** A detached, clean worktree of Rigs' own at `path`, standing at `commit` (made when missing, recycled otherwise). */
  cleanWorktree(repository: Repository, path: string, commit: CommitId): Promise<void>;
  /**
   * Merges on top of `onto` in memory: no worktree, no index, no ref. The same arguments make the same commit, under one
   * configuration of the person's. A rebase leaves out commits that change nothing there; a branch that holds merges
   * itself lands as one commit. Throws `failed` when the histories have nothing in common.
   */
  mergeOnto(repository: Repository, onto: CommitId, wanted: ToMerge): Promise<MergeResult>;
  /**
   * What `mergeOnto` could not merge, where it was settled before or a program can merge it by its syntax; null where
   * anything is left. The same arguments make the same commit while nothing is learnt.
   */
  settleOnto(
    repository: Repository,
    onto: CommitId,
    wanted: ToMerge,
    how: Settling,
    signal: AbortSignal,
  ): Promise<SettledMerge | null>;
  /** Remembers in a folder of Rigs' own how a conflict was settled; how many lessons are new. */
  learn(repository: Repository, memory: string, settlement: Settlement): Promise<number>;
  /** The same of each merge that branches bring along on top of `onto`. */
  learnMerges(
    repository: Repository,
    memory: string,
    onto: CommitId,
    heads: readonly CommitId[],
  ): Promise<number>;
  /**
   * Begins to merge `onto` into a worktree's own branch, for a person to finish; what is uncommitted there is committed
   * first. Said again, it finds what it began. Throws `taken` on another branch, `locked` in the middle of something else.
   */
  beginMerge(repository: Repository, worktree: string, branch: string, onto: CommitId): Promise<BegunMerge>;
  /** Commits it, as soon as nothing conflicts; `asIs`: what is no matter of lines is taken as it stands. Null: there is none. */
  finishMerge(
    repository: Repository,
    worktree: string,
    merge: {
      readonly branch: string;
      readonly onto: CommitId;
      readonly message: string;
      readonly asIs: boolean;
    },
  ): Promise<FinishedMerge | null>;
  /** Ends it, so that the worktree stands as it did. */
  abandonMerge(repository: Repository, worktree: string): Promise<void>;
  /**
   * Files in which each pair of commits conflicts, empty where it merges cleanly. Keeps nothing in the repository.
   * Histories with nothing in common conflict in every file that differs.
   */
  foresee(
    repository: Repository,
    pairs: readonly (readonly [CommitId, CommitId])[],
  ): Promise<readonly (readonly string[])[]>;
  /** The undoing, on top of `onto`, of what came in between `before` and `landed`. In memory, as `mergeOnto`. */
  revertOnto(
    repository: Repository,
    onto: CommitId,
    landing: { readonly before: CommitId; readonly landed: CommitId },
    message: LandingMessage,
    at: number,
  ): Promise<MergeResult>;
  /** Makes a branch where none of that name is; false when one is there, unless it stands at `commit` already. */
  makeBranch(repository: Repository, branch: string, commit: CommitId): Promise<boolean>;
  /**
   * Keeps a commit from git's garbage collection under a name (`[a-z0-9-]+`); null lets go of what it kept. It is no
   * reason for anybody to let a branch go: what is kept so, is not saved.
   */
  keep(repository: Repository, name: string, commit: CommitId | null): Promise<void>;
  /** Pushes exactly `commit` to the remote's branch, fast forward only. No hooks but the remote's own run. */
  push(
    repository: Repository,
    remote: string,
    branch: string,
    commit: CommitId,
    signal?: AbortSignal,
  ): Promise<PushResult>;
  /** Moves `target` from `onto` to exactly `commit`, by compare-and-swap; takes a clean checkout along. */
  land(repository: Repository, target: string, onto: CommitId, commit: CommitId): Promise<LandResult>;
  /**
   * Brings a polecat's work onto a newer target so that its agent can go on there: saves the old tip under a
   * ref of Rigs' own (after committing what is uncommitted), moves branch and worktree to `onto`, and applies
   * the branch's whole diff as uncommitted changes (`merge --squash`). Conflicts stay in the files as markers
   * and are named; nothing is left half merged (no MERGE_HEAD).
   */
  reapply(
    repository: Repository,
    worktree: string,
    branch: string,
    onto: CommitId,
  ): Promise<{ readonly conflicts: readonly string[] }>;
  /**
   * The one removal: proves that everything committed is reachable elsewhere (else keeps a ref), saves what is
   * uncommitted, renames the worktree into the trash and drops its registration. Returns where it went.
   */
  retire(
    repository: Repository,
    worktree: string,
    trash: string,
  ): Promise<{ readonly trashedTo: string | null; readonly keptRef: string | null }>;
  /**
   * Removes for good what lies in the trash for `olderThanMs` and holds no commit that is not reachable elsewhere. Names
   * what stays although it is old enough.
   */
  emptyTrash(repository: Repository, trash: string, olderThanMs: number, now: number): Promise<EmptiedTrash>;
  /** A value of the repository's own configuration, which no clone brings along; null when it is not set. */
  localConfig(repository: Repository, key: string): Promise<string | null>;
  /**
   * Programs that the repository's own configuration, which an agent can write, would have Rigs' calls run. One that is
   * not honoured ends the calls that would run it with `unsafe_config`. To be approved where a person adds the rig, as
   * they stand, and later one by one when the person says so.
   */
  localPrograms(repository: Repository): Promise<readonly LocalProgram[]>;
  approvePrograms(
    repository: Repository,
    programs: readonly Pick<LocalProgram, 'key' | 'value'>[],
  ): Promise<void>;
  /** Local branch names, for choosing a target. */
  branches(repository: Repository): Promise<readonly string[]>;
}

export type GitErrorReason =
  | 'git_missing'
  | 'git_too_old'
  | 'not_a_repository'
  | 'bare'
  | 'no_commit'
  /** No branch is checked out and none is named, or the named one does not exist. */
  | 'no_target'
  /** The branch that was named does not exist, here or at the remote. */
  | 'no_branch'
  /** Not a name git takes for a branch. */
  | 'bad_name'
  /** The path or branch holds something that is not Rigs' to change; nothing was touched. */
  | 'taken'
  /** Somebody else's git, or a merge of the person's, is under way there; nothing was touched. */
  | 'locked'
  /** The repository's own configuration would run a program that is not the person's; nothing was run. */
  | 'unsafe_config'
  /** A later owner of the rig has taken it over; nothing was touched. */
  | 'fenced'
  | 'failed';

/** A git call that did not do what was asked. `detail` is git's own last words. */
export class GitError extends Error {
  readonly reason: GitErrorReason;
  readonly detail: string;

  constructor(reason: GitErrorReason, message: string, detail = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitError';
    this.reason = reason;
    this.detail = detail;
  }

  static is(error: unknown, reason?: GitErrorReason): error is GitError {
    return error instanceof GitError && (reason === undefined || error.reason === reason);
  }
}
