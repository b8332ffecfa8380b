import type { AskAnswer } from './ask.ts';
import type { BeadDraft, Evidence, Inspected, Optimized, Usage } from './bead.ts';
import type { CheckDefinition, CheckResult, ConfirmedChecks } from './check.ts';
import type { LandingPolicy } from './convoy.ts';
import type {
  AskId,
  BeadId,
  CommitId,
  ConvoyId,
  Instant,
  PolecatId,
  RequestId,
  RigId,
  ThreadId,
  Token,
} from './ids.ts';
import type { DispatchFacts } from './dispatch.ts';
import type { Doing, Exit, Note, ProcessIdentity } from './polecat.ts';
import type { Chain } from './queue.ts';
import type { QueueSettings } from './queueSettings.ts';
import type { Reason } from './reason.ts';
import type { ReviewPlace } from './review.ts';
import type { ResolvingFound, ResolvingStep } from './resolving.ts';
import type { Settled } from './settled.ts';

/**
 * Wishes of people and agents, and observations of the foreman's hands. Each carries every instant and id
 * it needs; those about a session carry its token and are refused when it is not the newest.
 */
export type Command = { readonly at: Instant } & (
  | RigCommand
  | WorkCommand
  | ContestCommand
  | SessionCommand
  | QueueCommand
  | BatchCommand
  | TraceCommand
  | PushCommand
  | OfferCommand
  | ReviewCommand
  | ResolvingCommand
  | AftermathCommand
  | AskCommand
  | Tick
);

type RigCommand =
  | {
      readonly type: 'adoptRig';
      readonly id: RigId;
      readonly name: string;
      readonly commonDir: string;
      readonly target: string;
    }
  | { readonly type: 'setTarget'; readonly target: string }
  | { readonly type: 'parkRig' }
  | { readonly type: 'unparkRig' }
  | { readonly type: 'stopTown' }
  | { readonly type: 'startTown' }
  | { readonly type: 'confirmChecks'; readonly checks: ConfirmedChecks }
  | {
      readonly type: 'proposeChecks';
      readonly ask: AskId;
      readonly definitions: readonly CheckDefinition[];
      readonly hash: string;
    }
  | { readonly type: 'revokeGrant'; readonly grant: string };

type WorkCommand =
  | {
      readonly type: 'createConvoy';
      readonly convoy: ConvoyId;
      readonly title: string;
      readonly landing: LandingPolicy;
      readonly held: boolean;
      readonly beads: readonly { readonly bead: BeadId; readonly draft: BeadDraft }[];
      /** Beads that exist, which it takes in. */
      readonly takes?: readonly BeadId[];
      /** Those of its beads that are worded anew before they queue. */
      readonly optimize?: readonly BeadId[];
      /** Those that could be and keep their words, so that what wording saves can be told; absent: nothing is measured. */
      readonly control?: readonly BeadId[];
    }
  | {
      readonly type: 'createBead';
      readonly bead: BeadId;
      readonly convoy: ConvoyId | null;
      readonly draft: BeadDraft;
      /** It is tried in several seats from the start, in the words it has; absent: it is not. */
      readonly attempts?: readonly NewAttempt[];
      readonly optimize?: readonly BeadId[];
      readonly control?: readonly BeadId[];
    }
  /** What came of wording `description` anew; null: nothing, for that reason, or nobody was there to do it. */
  | {
      readonly type: 'beadOptimized';
      readonly bead: BeadId;
      readonly description: string;
      readonly optimized: Optimized | null;
      readonly reason: Reason | null;
    }
  | { readonly type: 'acceptOptimized'; readonly bead: BeadId }
  | { readonly type: 'rejectOptimized'; readonly bead: BeadId }
  /** A person lets pass what no inspector did: exactly the commit that was inspected. */
  | { readonly type: 'acceptWork'; readonly bead: BeadId; readonly commit: CommitId }
  /** A person has work revised that stands still or waits in the merge queue, and says what is missing. */
  | { readonly type: 'sendBack'; readonly bead: BeadId; readonly words: string }
  | { readonly type: 'editBead'; readonly bead: BeadId; readonly changes: Partial<BeadDraft> }
  | { readonly type: 'cancelBead'; readonly bead: BeadId }
  | { readonly type: 'retryBead'; readonly bead: BeadId }
  | { readonly type: 'deferBead'; readonly bead: BeadId; readonly until: Instant }
  /** Into a convoy, or out of its own. */
  | { readonly type: 'fileBead'; readonly bead: BeadId; readonly convoy: ConvoyId | null }
  /** A person has its polecat go on with another vendor, in the same worktree. */
  | { readonly type: 'continueWith'; readonly bead: BeadId; readonly provider: string }
  | { readonly type: 'holdConvoy'; readonly convoy: ConvoyId }
  | { readonly type: 'releaseConvoy'; readonly convoy: ConvoyId };

/** A drawn id; provider null: as dispatch finds best. */
export interface NewAttempt {
  readonly bead: BeadId;
  readonly provider: string | null;
}

/** `bead` of `pickAttempt`: the attempt; of the others the bead that is tried. */
type ContestCommand =
  | {
      readonly type: 'contestBead';
      readonly bead: BeadId;
      readonly attempts: readonly NewAttempt[];
    }
  | { readonly type: 'pickAttempt'; readonly bead: BeadId; readonly request: RequestId }
  | { readonly type: 'cleanAttempts'; readonly bead: BeadId };

type SessionCommand =
  | {
      readonly type: 'housed';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly worktree: string;
      readonly base: CommitId;
    }
  | {
      readonly type: 'housingFailed';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly reason: Reason;
    }
  | {
      readonly type: 'sessionStarted';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly process: ProcessIdentity;
    }
  | {
      readonly type: 'sessionEnded';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly exit: Exit;
      readonly ask: AskId;
    }
  | {
      readonly type: 'claimDone';
      readonly polecat: PolecatId;
      readonly token: Token;
      /** Drawn by the agent's side for each *done* it says; one whose answer got lost is said again under the same. */
      readonly claim: string;
    }
  | {
      readonly type: 'evidenceFound';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly evidence: Evidence;
      readonly request: RequestId;
      /** The person's rule that says yes to it; absent: none does. */
      readonly rule?: number;
    }
  | {
      readonly type: 'evidenceMissing';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly reason: Reason;
      readonly ask: AskId;
      /** What its inspector held against it; absent: none came so far. */
      readonly inspected?: Pick<Inspected, 'commit' | 'verdict'>;
    }
  /** All that its commits changed so far. */
  | {
      readonly type: 'sawFiles';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly files: readonly string[];
    }
  | { readonly type: 'countUsage'; readonly polecat: PolecatId; readonly token: Token; readonly usage: Usage }
  | {
      readonly type: 'sawAgent';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly doing: Doing;
      /** For when a person has to look. */
      readonly ask: AskId;
    }
  | {
      readonly type: 'sawConversation';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly conversation: string;
    }
  /** Its turn ended without done: it is reminded, or a person is asked, or it has nothing more to do. */
  | { readonly type: 'endTurn'; readonly polecat: PolecatId; readonly token: Token; readonly ask: AskId }
  | {
      readonly type: 'noteWork';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly note: Omit<Note, 'at'>;
    }
  | { readonly type: 'forgetCheckpoint'; readonly polecat: PolecatId; readonly token: Token }
  /** It keeps a checkpoint and makes way for a fresh session of its bead. */
  | {
      readonly type: 'handOff';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly note: Omit<Note, 'at'>;
    }
  | { readonly type: 'cleared'; readonly polecat: PolecatId };

type QueueCommand =
  | { readonly type: 'approve'; readonly request: RequestId }
  | { readonly type: 'reprove'; readonly request: RequestId; readonly reason: Reason }
  | { readonly type: 'moveToFront'; readonly request: RequestId }
  | {
      readonly type: 'eject';
      readonly request: RequestId;
      readonly ask: AskId;
      readonly reason: Reason;
    }
  /** A branch that no agent of this rig made, or the taking back of a landing: it is proven and lands as others do. */
  | {
      readonly type: 'enterBranch';
      readonly request: RequestId;
      readonly bead: BeadId;
      readonly draft: BeadDraft;
      readonly branch: string;
      readonly evidence: Evidence & { readonly commit: CommitId };
      readonly reverts?: RequestId;
      /** A person said yes to it beforehand; absent: they are asked. */
      readonly approval?: 'rule';
    }
  | { readonly type: 'pauseQueue' }
  | { readonly type: 'resumeQueue' }
  /** What it did is over; `test` null: the check as a whole. */
  | { readonly type: 'forgetFlaky'; readonly check: string; readonly test: string | null }
  /** Looks at once at what only looking tells: what the forge made of what it was given. */
  | { readonly type: 'refreshQueue' };

/** A person settles a conflict themselves; `asIs`: what is no matter of lines is taken as it stands. */
type ResolvingCommand =
  | { readonly type: 'resolveConflict'; readonly bead: BeadId }
  | { readonly type: 'finishResolution'; readonly bead: BeadId; readonly asIs: boolean }
  | { readonly type: 'abandonResolution'; readonly bead: BeadId }
  | {
      readonly type: 'resolution';
      readonly polecat: PolecatId;
      /** What was to be done. */
      readonly step: ResolvingStep;
      readonly found: ResolvingFound;
      readonly reason: Reason | null;
    };

/** `passed` null: nothing can be told. */
interface TraceCommand {
  readonly type: 'traced';
  readonly request: RequestId;
  readonly length: number;
  readonly passed: boolean | null;
}

/** `reason` null: nobody wants it pushed any more. */
type PushCommand =
  | { readonly type: 'pushed'; readonly commit: CommitId }
  | { readonly type: 'notPushed'; readonly commit: CommitId; readonly reason: Reason | null };

/** What a look at the target itself found; `look` is the instant by which it is named. */
type AftermathCommand =
  | {
      readonly type: 'treeProven';
      readonly look: Instant;
      readonly tree: string;
      readonly basis: string;
      readonly checks: readonly CheckResult[];
    }
  /** `red` null: it is green. `request` null: no landing of this rig did it, or nobody knows. */
  | {
      readonly type: 'targetChecked';
      readonly look: Instant;
      readonly red: {
        readonly commit: CommitId;
        readonly request: RequestId | null;
        readonly failed: CheckResult | null;
      } | null;
    }
  /** `reason`: why the taking back of a landing could not enter; null: it did. */
  | { readonly type: 'targetReverted'; readonly landing: RequestId; readonly reason: Reason | null };

/** What came of giving a request to the forge. */
type OfferCommand =
  /** `reason`: why its pull request is a person's to open; null: it is open. */
  | {
      readonly type: 'offerOpened';
      readonly request: RequestId;
      readonly pushed: CommitId;
      readonly url: string | null;
      readonly reason: Reason | null;
    }
  | { readonly type: 'notOffered'; readonly request: RequestId; readonly reason: Reason }
  /** It came into the target with `commit`; `onto` is what was there before. */
  | {
      readonly type: 'offerMerged';
      readonly request: RequestId;
      readonly commit: CommitId;
      readonly onto: CommitId;
    };

/** What the queue's hands found; each about one batch, and nothing once that is over. */
type BatchCommand = { readonly batch: number } & (
  | {
      readonly type: 'assembled';
      readonly chain: Chain;
      /** How often a bead may come back before its person is asked. */
      readonly maxRounds: number;
      /** What cannot be merged with the target as it stands. */
      readonly conflicts: readonly { readonly request: RequestId; readonly reason: Reason }[];
      /** What cannot be merged with those before it, or is in one of them. */
      readonly postponed: readonly { readonly request: RequestId; readonly reason: Reason | null }[];
      /** What the target holds already, and since which commit at the latest. */
      readonly contained: readonly { readonly request: RequestId; readonly commit: CommitId }[];
      /** What conflicts and was settled all the same, by nobody; absent: nothing. */
      readonly settled?: readonly { readonly request: RequestId; readonly settled: Settled }[];
    }
  | { readonly type: 'notAssembled'; readonly reason: Reason }
  /** Its checks, or the programs they start, are not those any more by which it was merged. */
  | { readonly type: 'outdated' }
  | { readonly type: 'running'; readonly length: number; readonly step: string }
  | { readonly type: 'ran'; readonly length: number; readonly checks: readonly CheckResult[] }
  | { readonly type: 'landed'; readonly length: number; readonly push?: true }
  | { readonly type: 'notLanded'; readonly reason: Reason }
);

/** What a person writes about lines of a bead's work, as drafts until it is sent. */
type ReviewCommand =
  | {
      readonly type: 'draftComment';
      readonly bead: BeadId;
      readonly thread: ThreadId;
      readonly place: ReviewPlace;
      readonly words: string;
    }
  | {
      readonly type: 'editComment';
      readonly bead: BeadId;
      readonly thread: ThreadId;
      readonly note: number;
      readonly words: string;
    }
  | {
      readonly type: 'dropComment';
      readonly bead: BeadId;
      readonly thread: ThreadId;
      readonly note: number;
    }
  | {
      readonly type: 'replyToComment';
      readonly bead: BeadId;
      readonly thread: ThreadId;
      readonly words: string;
    }
  | { readonly type: 'resolveComment'; readonly bead: BeadId; readonly thread: ThreadId }
  | { readonly type: 'reopenComment'; readonly bead: BeadId; readonly thread: ThreadId }
  /** All that waits, at once: its agent goes on with it as one revision. */
  | { readonly type: 'sendReview'; readonly bead: BeadId; readonly summary: string }
  /** Its agent says what became of one; empty words only together with `resolve`. */
  | {
      readonly type: 'answerComment';
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly thread: ThreadId;
      readonly words: string;
      readonly resolve: boolean;
      /** Drawn by the agent's side; said again under the same, it is the same answer. */
      readonly call: string;
    };

type AskCommand =
  | {
      readonly type: 'askPermission';
      readonly ask: AskId;
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly tool: string;
      readonly detail: string;
    }
  | {
      readonly type: 'askQuestion';
      readonly ask: AskId;
      readonly polecat: PolecatId;
      readonly token: Token;
      readonly question: string;
    }
  /** Nobody answered in time, so the vendor asks on its own screen. */
  /** `over`: what it asked for ran or was refused there already. */
  | { readonly type: 'leaveToScreen'; readonly ask: AskId; readonly over?: boolean }
  | { readonly type: 'answerAsk'; readonly ask: AskId; readonly answer: AskAnswer; readonly reply?: string };

/** The foreman's heartbeat: what only time, settings and tanks can bring about. */
export interface Tick extends DispatchFacts {
  readonly type: 'tick';
  /** Absent: as it comes. */
  readonly queue?: QueueSettings;
}
