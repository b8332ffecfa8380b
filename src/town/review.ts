import type { BeadId, CommitId, Instant, ThreadId } from './ids.ts';
import { type Reason, reason } from './reason.ts';

/** Which of the two sides of a diff a comment was written on. */
export const reviewSides = ['base', 'changed'] as const;
export type ReviewSide = (typeof reviewSides)[number];

/** Where a comment was written: lines of a file at one commit, for good. Where they are by now, `anchor.ts` says. */
export interface ReviewPlace {
  readonly commit: CommitId;
  readonly side: ReviewSide;
  /** Relative to the repository, `/` between parts. */
  readonly path: string;
  /** First and last line, counted from 1. */
  readonly from: number;
  readonly to: number;
  /** As they read there, or the beginning of them. */
  readonly lines: string;
}

export interface ReviewNote {
  /** Counts within its thread. */
  readonly id: number;
  /** Name of the agent that wrote it; null: the person. */
  readonly agent: string | null;
  readonly words: string;
  /** Goes to the agent with the next *Send Review*. */
  readonly draft?: true;
  /** Under which an agent said it, so that said again it is the same note. */
  readonly call?: string;
  readonly at: Instant;
}

/** draft: never sent · sent: its agent owes an answer · reopened: goes back to the agent with the next *Send Review*. */
export type ReviewState = 'draft' | 'sent' | 'answered' | 'resolved' | 'reopened';

export interface ReviewThread {
  readonly id: ThreadId;
  readonly place: ReviewPlace;
  readonly state: ReviewState;
  readonly notes: readonly ReviewNote[];
  /** Its agent said done without an answer and was told so once. */
  readonly reminded?: true;
  readonly changedAt: Instant;
}

export type ReviewEvent = { readonly bead: BeadId; readonly at: Instant } & (
  | {
      readonly type: 'review.drafted';
      readonly thread: ThreadId;
      readonly place: ReviewPlace;
      readonly words: string;
    }
  | {
      readonly type: 'review.edited';
      readonly thread: ThreadId;
      readonly note: number;
      readonly words: string;
    }
  /** A thread without notes is gone. */
  | { readonly type: 'review.dropped'; readonly thread: ThreadId; readonly note: number }
  | { readonly type: 'review.sent'; readonly threads: readonly ThreadId[] }
  /** `agent` null: the person, as a draft. */
  | {
      readonly type: 'review.replied';
      readonly thread: ThreadId;
      readonly agent: string | null;
      readonly words: string;
      readonly call?: string;
    }
  | { readonly type: 'review.resolved'; readonly thread: ThreadId; readonly agent: string | null }
  | { readonly type: 'review.reopened'; readonly thread: ThreadId }
  /** Its agent said done with these not answered. */
  | { readonly type: 'review.reminded'; readonly threads: readonly ThreadId[]; readonly reason: Reason }
);

/** Whatever was commented on: a bead, in which its threads lie and with which they go to the archive. */
export interface Reviewed {
  readonly threads?: readonly ReviewThread[];
}

/** What was written about the bead's work; an older state has none. */
export function threadsOf({ threads }: Reviewed): readonly ReviewThread[] {
  return threads ?? [];
}

/** What the next *Send Review* takes along. */
export function isPending({ state, notes }: ReviewThread): boolean {
  return state === 'draft' || state === 'reopened' || notes.some((one) => one.draft === true);
}

export function pendingOf(bead: Reviewed): readonly ReviewThread[] {
  return threadsOf(bead).filter(isPending);
}

/** What its agent owes an answer to. */
export function owedOf(bead: Reviewed): readonly ReviewThread[] {
  return threadsOf(bead).filter((one) => one.state === 'sent');
}

/** The thread as its agent sees it; null: nothing of it was sent. */
export function toldOf(thread: ReviewThread): ReviewThread | null {
  if (thread.state === 'draft') return null;
  return { ...thread, notes: thread.notes.filter((one) => one.draft !== true) };
}

/** Told once for each review: an agent that leaves comments unanswered all the same is let through. Null: nothing is owed. */
export function owedReminder(
  bead: Reviewed,
): { readonly threads: readonly ThreadId[]; readonly why: Reason } | null {
  const owed = owedOf(bead).filter((one) => one.reminded !== true);
  if (owed.length === 0) return null;
  const threads = owed.map((one) => one.id);
  return { threads, why: reason('review_owed', { count: threads.length, threads }) };
}

export function foldThreads(threads: readonly ReviewThread[], event: ReviewEvent): readonly ReviewThread[] {
  if (event.type === 'review.drafted') return [...threads, newThread(event)];
  const those = 'threads' in event ? event.threads : [event.thread];
  return threads.flatMap((one) => {
    if (!those.includes(one.id)) return [one];
    const next = changed(one, event);
    return next.notes.length === 0 ? [] : [{ ...next, changedAt: event.at }];
  });
}

function newThread({
  thread,
  place,
  words,
  at,
}: Extract<ReviewEvent, { type: 'review.drafted' }>): ReviewThread {
  const note: ReviewNote = { id: 1, agent: null, words, draft: true, at };
  return { id: thread, place, state: 'draft', notes: [note], changedAt: at };
}

function changed(
  thread: ReviewThread,
  event: Exclude<ReviewEvent, { type: 'review.drafted' }>,
): ReviewThread {
  switch (event.type) {
    case 'review.edited':
      return {
        ...thread,
        notes: thread.notes.map((one) =>
          one.id === event.note ? { ...one, words: event.words, at: event.at } : one,
        ),
      };
    case 'review.dropped':
      return { ...thread, notes: thread.notes.filter((one) => one.id !== event.note) };
    case 'review.sent':
      return { ...unreminded(thread), state: 'sent', notes: thread.notes.map(sent) };
    case 'review.replied':
      return replied(thread, event);
    case 'review.resolved':
      return { ...thread, state: 'resolved' };
    case 'review.reopened':
      return { ...thread, state: 'reopened' };
    case 'review.reminded':
      return { ...thread, reminded: true };
  }
}

function replied(
  thread: ReviewThread,
  { agent, words, call, at }: Extract<ReviewEvent, { type: 'review.replied' }>,
): ReviewThread {
  const note: ReviewNote = {
    id: (thread.notes.at(-1)?.id ?? 0) + 1,
    agent,
    words,
    ...(agent === null ? { draft: true } : {}),
    ...(call === undefined ? {} : { call }),
    at,
  };
  const state = agent !== null && thread.state === 'sent' ? 'answered' : thread.state;
  return { ...thread, state, notes: [...thread.notes, note] };
}

function sent({ draft: _gone, ...note }: ReviewNote): ReviewNote {
  return note;
}

function unreminded({ reminded: _gone, ...thread }: ReviewThread): ReviewThread {
  return thread;
}
