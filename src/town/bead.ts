import type { CheckResult } from './check.ts';
import type { AskId, BeadId, CommitId, ConvoyId, Instant, PolecatId, RequestId, Token } from './ids.ts';
import type { Reason } from './reason.ts';
import type { ReviewThread } from './review.ts';
import type { Verdict } from './verdict.ts';

export const beadTypes = [
  'implementation',
  'review',
  'research',
  'refactor',
  'test',
  'documentation',
  'debug',
  'design',
] as const;
export type BeadType = (typeof beadTypes)[number];

/** Types whose result is a statement, not a diff; they complete without landing. */
export const typesWithoutDiff: readonly BeadType[] = ['review', 'research', 'design'];

export const priorities = ['critical', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

export const beadStatuses = [
  'pending',
  'optimizing',
  'queued',
  'deferred',
  'contested',
  'assigned',
  'in_progress',
  'reviewing',
  'contending',
  'merging',
  'completed',
  'failed',
  'cancelled',
  'not_picked',
] as const;
export type BeadStatus = (typeof beadStatuses)[number];

/**
 * The one transition table (product.md, "Bead states and moves"); `failed`, `cancelled` and `not_picked` are added below.
 * contested: attempts at it are made in several seats, of which one is picked (`contest.ts`) · contending: such an attempt
 * is proven and waits to be picked · not_picked: another one was; what it made is kept until a person cleans it up.
 */
const moves: Readonly<Record<BeadStatus, readonly BeadStatus[]>> = {
  pending: ['optimizing', 'queued', 'merging'],
  optimizing: ['queued', 'deferred'],
  queued: ['deferred', 'assigned', 'contested'],
  deferred: ['queued', 'contested'],
  contested: ['completed'],
  assigned: ['in_progress', 'queued'],
  in_progress: ['reviewing', 'queued'],
  reviewing: ['in_progress', 'queued', 'contending', 'merging', 'completed'],
  contending: ['in_progress', 'merging', 'completed'],
  merging: ['in_progress', 'queued', 'completed'],
  completed: ['queued', 'contested'],
  failed: ['queued', 'contested'],
  cancelled: [],
  not_picked: ['merging', 'completed', 'cancelled'],
};

export const endedStatuses: readonly BeadStatus[] = ['completed', 'failed', 'cancelled', 'not_picked'];
const anyMayBecome: readonly BeadStatus[] = ['failed', 'cancelled', 'not_picked'];

export function isOpen(status: BeadStatus): boolean {
  return !endedStatuses.includes(status);
}

export function mayMove(from: BeadStatus, to: BeadStatus): boolean {
  return moves[from].includes(to) || (isOpen(from) && anyMayBecome.includes(to));
}

export type BeadSource =
  | { readonly kind: 'goal' }
  /** An agent split it off its own bead. */
  | { readonly kind: 'agent'; readonly bead: BeadId }
  | { readonly kind: 'person' }
  | { readonly kind: 'import' }
  | {
      readonly kind: 'todo';
      readonly file: string;
      readonly line: number;
      readonly symbol: string | null;
      readonly text: string;
    };

/** A bead's description as the optimizer worded it, beside the original. */
export interface Optimized {
  readonly prompt: string;
  readonly changes: readonly string[];
  /** What of the original is gone in it; with anything gone, agents get the original unless a person accepted it. */
  readonly dropped: readonly string[];
  /** Whose model worded it. */
  readonly provider: string;
  readonly model: string;
  /** A person's word; null: none yet. */
  readonly accepted: boolean | null;
}

/** What agents are told to do. */
export function promptOf({ description, optimized }: Pick<Bead, 'description' | 'optimized'>): string {
  if (optimized === undefined || optimized.accepted === false) return description;
  return optimized.accepted === true || optimized.dropped.length === 0 ? optimized.prompt : description;
}

/** Proof of a done, bound to one commit and its tree. */
export interface Evidence {
  readonly commit: CommitId | null;
  readonly tree: string | null;
  /** By what checks and tools it was proven; absent in proofs of before. */
  readonly basis?: string;
  readonly base: CommitId | null;
  readonly files: readonly string[];
  /** Files of these by which checks prove less or something else (`decides.ts`); absent: none. A person lands it. */
  readonly decides?: readonly string[];
  readonly insertions: number;
  readonly deletions: number;
  readonly checks: readonly CheckResult[];
  /** Uncommitted work was committed on the agent's behalf. */
  readonly committedForAgent: boolean;
  readonly summary: string;
  /** The number of the person's rule that says yes to its landing, kept for when it is picked; absent: none does. */
  readonly rule?: number;
  /** What an inspector said of it; null: none looked. Absent where none would: statements, and proofs of before. */
  readonly verdict?: Verdict | null;
  /** When a person let it pass although no inspector did; absent: nobody had to. */
  readonly acceptedAt?: Instant;
  readonly at: Instant;
}

/** Work with green checks that no inspector let pass. */
export interface Inspected {
  readonly commit: CommitId;
  /** Null: no answer that counts. */
  readonly verdict: Verdict | null;
  /** When a person let exactly this commit pass all the same. */
  readonly acceptedAt: Instant | null;
}

/** A bead that is tried in several seats, to land the result that is picked. */
export interface Contest {
  /** Beads of their own, each alike this one; those of an earlier contest are not among them. */
  readonly attempts: readonly BeadId[];
  /** Whose result lands for this bead; null: none was picked yet. */
  readonly picked: BeadId | null;
}

/** What a bead was drawn for at its making, so that what wording saves can be told: worded by a model, or left as it was. */
export type Trial = 'worded' | 'control';

/** Tokens as the vendor counted them. */
export interface Usage {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

/** What a bead is made from; the part a person or the planner words. */
export interface BeadDraft {
  readonly title: string;
  readonly description: string;
  readonly type: BeadType;
  readonly priority: Priority;
  readonly criteria: readonly string[];
  readonly dependencies: readonly BeadId[];
  /** Globs of the files it is expected to change. */
  readonly touches: readonly string[];
  readonly labels: readonly string[];
  /** Tokens, as estimated by the planner. */
  readonly estimate: number | null;
  readonly preferredProvider: string | null;
  readonly source: BeadSource;
}

export interface Bead extends BeadDraft {
  readonly id: BeadId;
  /** Absent: it stands as it was worded. */
  readonly optimized?: Optimized;
  /** Absent: it was not drawn for anything. */
  readonly trial?: Trial;
  /** Absent: it was never tried in several seats. */
  readonly contest?: Contest;
  /** The bead that it is one of several attempts at; absent: it stands for itself. */
  readonly attemptAt?: BeadId;
  /** What its inspector last held against it; absent: nothing. */
  readonly inspected?: Inspected;
  /** Files that its commits changed, as last seen while an agent works on it; absent: none seen. */
  readonly touched?: readonly string[];
  /** What its person wrote about lines of its work, oldest first; absent: nothing. */
  readonly threads?: readonly ReviewThread[];
  readonly status: BeadStatus;
  readonly convoy: ConvoyId | null;
  readonly polecat: PolecatId | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly endedAt: Instant | null;
  readonly deferredUntil: Instant | null;
  /** Why it last came back, stands still or ended. */
  readonly reason: Reason | null;
  readonly evidence: Evidence | null;
  /** Sessions that were opened for it. */
  readonly attempts: number;
  /** Agents that died on it since it last moved forward. */
  readonly deaths: number;
  /** How often its agent was told that evidence is missing. */
  readonly reminders: number;
  readonly usage: Readonly<Record<Token, Usage>>;
  /** The commit on the target that completed it. */
  readonly landed: CommitId | null;
}

export type BeadEvent =
  | {
      readonly type: 'bead.created';
      readonly bead: BeadId;
      readonly convoy: ConvoyId | null;
      readonly draft: BeadDraft;
      readonly trial?: Trial;
      readonly attemptAt?: BeadId;
      readonly at: Instant;
    }
  /** It is tried in several seats. */
  | {
      readonly type: 'bead.contested';
      readonly bead: BeadId;
      readonly attempts: readonly BeadId[];
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.picked';
      readonly bead: BeadId;
      readonly attempt: BeadId;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.edited';
      readonly bead: BeadId;
      readonly changes: Partial<BeadDraft>;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.moved';
      readonly bead: BeadId;
      readonly to: BeadStatus;
      readonly reason: Reason | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.evidenced';
      readonly bead: BeadId;
      readonly evidence: Evidence;
      readonly at: Instant;
    }
  /** An inspector did not let it pass. */
  | {
      readonly type: 'bead.inspected';
      readonly bead: BeadId;
      readonly commit: CommitId;
      readonly verdict: Verdict | null;
      readonly at: Instant;
    }
  /** A person lets that commit pass all the same. */
  | {
      readonly type: 'bead.accepted';
      readonly bead: BeadId;
      readonly commit: CommitId;
      readonly at: Instant;
    }
  /** A person has its agent go on, with words of their own. */
  | {
      readonly type: 'bead.sentBack';
      readonly bead: BeadId;
      readonly reason: Reason;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.reminded';
      readonly bead: BeadId;
      readonly reason: Reason;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.touched';
      readonly bead: BeadId;
      readonly files: readonly string[];
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.usage';
      readonly bead: BeadId;
      readonly token: Token;
      readonly usage: Usage;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.filed';
      readonly bead: BeadId;
      readonly convoy: ConvoyId | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.optimized';
      readonly bead: BeadId;
      readonly optimized: Optimized;
      readonly at: Instant;
    }
  /** A person took the optimizer's words, or went back to the original. */
  | {
      readonly type: 'bead.worded';
      readonly bead: BeadId;
      readonly accepted: boolean;
      readonly at: Instant;
    }
  | {
      readonly type: 'bead.landed';
      readonly bead: BeadId;
      readonly commit: CommitId;
      readonly at: Instant;
    };

/** A bead that ended long ago leaves the state with all that belonged to it; the store's archive keeps them. */
export interface BeadArchived {
  readonly type: 'bead.archived';
  readonly bead: BeadId;
  readonly polecats: readonly PolecatId[];
  readonly requests: readonly RequestId[];
  readonly asks: readonly AskId[];
  readonly at: Instant;
}

export type Beads = Readonly<Record<BeadId, Bead>>;

export function foldBead(beads: Beads, event: BeadEvent): Beads {
  if (event.type === 'bead.created') {
    return { ...beads, [event.bead]: newBead(event) };
  }
  const bead = beads[event.bead];
  return bead === undefined ? beads : { ...beads, [event.bead]: changed(bead, event) };
}

function newBead(event: Extract<BeadEvent, { type: 'bead.created' }>): Bead {
  return {
    ...event.draft,
    ...(event.trial === undefined ? {} : { trial: event.trial }),
    ...(event.attemptAt === undefined ? {} : { attemptAt: event.attemptAt }),
    id: event.bead,
    status: 'pending',
    convoy: event.convoy,
    polecat: null,
    createdAt: event.at,
    changedAt: event.at,
    endedAt: null,
    deferredUntil: null,
    reason: null,
    evidence: null,
    attempts: 0,
    deaths: 0,
    reminders: 0,
    usage: {},
    landed: null,
  };
}

function changed(bead: Bead, event: Exclude<BeadEvent, { type: 'bead.created' }>): Bead {
  switch (event.type) {
    case 'bead.contested':
      return { ...untried(bead), contest: { attempts: event.attempts, picked: null }, changedAt: event.at };
    case 'bead.picked':
      return bead.contest === undefined
        ? bead
        : { ...bead, contest: { ...bead.contest, picked: event.attempt }, changedAt: event.at };
    case 'bead.edited':
      return edited(bead, event);
    case 'bead.moved':
      return moved(bead, event);
    case 'bead.evidenced':
      return {
        ...undoubted(bead),
        evidence: event.evidence,
        deaths: 0,
        reminders: 0,
        changedAt: event.at,
      };
    case 'bead.inspected': {
      const { commit, verdict } = event;
      return { ...bead, inspected: { commit, verdict, acceptedAt: null }, changedAt: event.at };
    }
    case 'bead.accepted':
      return bead.inspected?.commit === event.commit
        ? { ...bead, inspected: { ...bead.inspected, acceptedAt: event.at }, changedAt: event.at }
        : bead;
    case 'bead.sentBack':
      return { ...bead, reason: event.reason, deaths: 0, reminders: 0, changedAt: event.at };
    case 'bead.reminded':
      return { ...bead, reminders: bead.reminders + 1, reason: event.reason, changedAt: event.at };
    case 'bead.touched':
      return { ...bead, touched: event.files };
    case 'bead.usage':
      return {
        ...bead,
        usage: { ...bead.usage, [event.token]: grown(bead.usage[event.token], event.usage) },
      };
    case 'bead.optimized':
      return { ...bead, optimized: event.optimized, changedAt: event.at };
    case 'bead.worded':
      return bead.optimized === undefined
        ? bead
        : { ...bead, optimized: { ...bead.optimized, accepted: event.accepted }, changedAt: event.at };
    case 'bead.filed':
      return { ...bead, convoy: event.convoy, changedAt: event.at };
    case 'bead.landed':
      return { ...bead, landed: event.commit, changedAt: event.at };
  }
}

/** Words that were made of others mean nothing beside new ones. */
function edited(bead: Bead, event: Extract<BeadEvent, { type: 'bead.edited' }>): Bead {
  const { optimized, ...plain } = bead;
  const kept = event.changes.description === undefined || event.changes.description === bead.description;
  const before = kept && optimized !== undefined ? bead : plain;
  return { ...before, ...event.changes, changedAt: event.at };
}

/** What it was drawn for is not what attempts at it show. */
function untried(bead: Bead): Bead {
  const { trial: _gone, ...rest } = bead;
  return rest;
}

/** What was proven, or begins anew, is not what its inspector saw. */
function undoubted(bead: Bead): Bead {
  const { inspected: _gone, ...rest } = bead;
  return rest;
}

/** What is begun anew may change other files than what was tried before. */
function untouched(bead: Bead): Bead {
  const { touched: _gone, ...rest } = bead;
  return rest;
}

/** A session's counts only grow; a report that arrives out of order takes nothing back. */
function grown(before: Usage | undefined, reported: Usage): Usage {
  if (before === undefined) return reported;
  return {
    input: Math.max(before.input, reported.input),
    cachedInput: Math.max(before.cachedInput, reported.cachedInput),
    output: Math.max(before.output, reported.output),
  };
}

function moved(bead: Bead, event: Extract<BeadEvent, { type: 'bead.moved' }>): Bead {
  const reopened = event.to === 'queued';
  return {
    ...(reopened ? { ...untouched(undoubted(bead)), deaths: 0, reminders: 0, landed: null } : bead),
    status: event.to,
    reason: event.reason,
    deferredUntil: event.to === 'deferred' ? untilOf(event.reason) : null,
    changedAt: event.at,
    endedAt: isOpen(event.to) ? null : event.at,
  };
}

function untilOf(why: Reason | null): Instant | null {
  const until = why?.facts['until'];
  return typeof until === 'number' ? until : null;
}

/** Tokens over all sessions of a bead. */
export function totalUsage(bead: Pick<Bead, 'usage'>): Usage {
  return Object.values(bead.usage).reduce(
    (sum, one) => ({
      input: sum.input + one.input,
      cachedInput: sum.cachedInput + one.cachedInput,
      output: sum.output + one.output,
    }),
    { input: 0, cachedInput: 0, output: 0 },
  );
}
