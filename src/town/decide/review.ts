import type { Bead } from '../bead.ts';
import type { Command } from '../command.ts';
import type { BeadId, ThreadId } from '../ids.ts';
import { reason } from '../reason.ts';
import { type ReviewPlace, type ReviewThread, pendingOf, threadsOf, toldOf } from '../review.ts';
import { goBack, maySendBack, mostWords } from './doubts.ts';
import { type Draft, type Refusal, late, refused } from './draft.ts';

type ReviewCommand = Extract<
  Command,
  {
    type:
      | 'draftComment'
      | 'editComment'
      | 'dropComment'
      | 'replyToComment'
      | 'resolveComment'
      | 'reopenComment'
      | 'sendReview'
      | 'answerComment';
  }
>;

/** What a bead keeps at most, and a thread of it. */
export const mostThreads = 200;
export const mostNotes = 50;
/** Characters of the lines that a comment is about. */
export const mostLines = 2_000;
const mostPath = 4_096;

export function decideReview(draft: Draft, command: ReviewCommand): Refusal | null {
  switch (command.type) {
    case 'draftComment':
      return draftComment(draft, command);
    case 'editComment':
      return overDraft(draft, command, command.words, () => {
        const { bead, thread, note, words } = command;
        draft.emit({ type: 'review.edited', bead, thread, note, words: words.trim(), at: draft.at });
      });
    case 'dropComment':
      return overDraft(draft, command, null, () => {
        const { bead, thread, note } = command;
        draft.emit({ type: 'review.dropped', bead, thread, note, at: draft.at });
      });
    case 'replyToComment':
      return replyToComment(draft, command);
    case 'resolveComment':
    case 'reopenComment':
      return turn(draft, command);
    case 'sendReview':
      return sendReview(draft, command.bead, command.summary);
    case 'answerComment':
      return answerComment(draft, command);
  }
}

/** Null: there is no such bead or thread. */
function threadIn(draft: Draft, bead: BeadId, thread: ThreadId): ReviewThread | null {
  const found = draft.state.beads[bead];
  return found === undefined ? null : (threadsOf(found).find((one) => one.id === thread) ?? null);
}

function badWords(words: string): Refusal | null {
  if (words.trim() === '') return refused('empty', { what: 'words' });
  if (words.trim().length > mostWords) return refused('invalid', { what: 'words', value: words.length });
  return null;
}

function badPlace({ path, from, to, lines }: ReviewPlace): Refusal | null {
  if (path === '' || path.length > mostPath || path.includes('\0'))
    return refused('invalid', { what: 'path', value: path.slice(0, 100) });
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || to < from)
    return refused('invalid', { what: 'line', value: from });
  return lines.length > mostLines ? refused('invalid', { what: 'lines', value: lines.length }) : null;
}

/** Also about work that landed: what a person writes is kept, whatever becomes of it. */
function draftComment(
  draft: Draft,
  { bead, thread, place, words }: Extract<ReviewCommand, { type: 'draftComment' }>,
): Refusal | null {
  const found = draft.state.beads[bead];
  if (found === undefined) return refused('no_such', { what: 'bead', id: bead });
  const threads = threadsOf(found);
  if (threads.some((one) => one.id === thread))
    return refused('already_exists', { what: 'comment', id: thread });
  if (threads.length >= mostThreads) return refused('review_full', { max: mostThreads });
  const bad = badWords(words) ?? badPlace(place);
  if (bad !== null) return bad;
  draft.emit({ type: 'review.drafted', bead, thread, place, words: words.trim(), at: draft.at });
  return null;
}

/** What was sent stands as it was said. `words` null: none are needed. */
function overDraft(
  draft: Draft,
  { bead, thread, note }: Extract<ReviewCommand, { type: 'editComment' | 'dropComment' }>,
  words: string | null,
  emit: () => void,
): Refusal | null {
  const found = threadIn(draft, bead, thread)?.notes.find((one) => one.id === note);
  if (found === undefined) return refused('no_such', { what: 'comment', id: thread });
  if (found.draft !== true) return refused('not_now', { bead, thread });
  const bad = words === null ? null : badWords(words);
  if (bad === null) emit();
  return bad;
}

function replyToComment(
  draft: Draft,
  { bead, thread, words }: Extract<ReviewCommand, { type: 'replyToComment' }>,
): Refusal | null {
  const found = threadIn(draft, bead, thread);
  if (found === null) return refused('no_such', { what: 'comment', id: thread });
  if (found.notes.length >= mostNotes) return refused('review_full', { max: mostNotes });
  const bad = badWords(words);
  if (bad !== null) return bad;
  draft.emit({ type: 'review.replied', bead, thread, agent: null, words: words.trim(), at: draft.at });
  return null;
}

/** A draft is neither: it is sent or deleted. */
function turn(
  draft: Draft,
  { type, bead, thread }: Extract<ReviewCommand, { type: 'resolveComment' | 'reopenComment' }>,
): Refusal | null {
  const found = threadIn(draft, bead, thread);
  if (found === null) return refused('no_such', { what: 'comment', id: thread });
  if (found.state === 'draft') return refused('not_now', { bead, thread });
  const { at } = draft;
  if (type === 'resolveComment' && found.state !== 'resolved')
    draft.emit({ type: 'review.resolved', bead, thread, agent: null, at });
  if (type === 'reopenComment' && (found.state === 'answered' || found.state === 'resolved'))
    draft.emit({ type: 'review.reopened', bead, thread, at });
  return null;
}

/** Why what was written about a bead's work cannot go to its agent now; null: it can. */
function notSendable(draft: Draft, bead: Bead): Refusal | null {
  if (bead.landed !== null || bead.status === 'completed') return refused('review_landed');
  if (draft.polecatOf(bead.id) === undefined) return refused('review_no_agent');
  if (maySendBack(draft.state, bead) || isAtWork(bead)) return null;
  return refused('not_now', { bead: bead.id, status: bead.status });
}

/** All comments that wait, as one revision. An agent that is at work on it anyway is told when it says done. */
function sendReview(draft: Draft, id: BeadId, summary: string): Refusal | null {
  const bead = draft.state.beads[id];
  if (bead === undefined) return refused('no_such', { what: 'bead', id });
  const pending = pendingOf(bead).map((one) => one.id);
  if (pending.length === 0) return refused('empty', { what: 'review' });
  const words = summary.trim();
  if (words.length > mostWords) return refused('invalid', { what: 'words', value: words.length });
  const refusal = notSendable(draft, bead);
  if (refusal !== null) return refusal;
  const goesBack = maySendBack(draft.state, bead);
  draft.emit({ type: 'review.sent', bead: id, threads: pending, at: draft.at });
  return goesBack ? goBack(draft, id, reason('review_sent', { count: pending.length, words })) : null;
}

function isAtWork({ status }: Bead): boolean {
  return status === 'assigned' || status === 'in_progress';
}

/** An agent speaks of what was sent about its own bead and of nothing else. */
function answerComment(
  draft: Draft,
  { polecat, token, thread, words, resolve, call }: Extract<ReviewCommand, { type: 'answerComment' }>,
): Refusal | null {
  const live = draft.live(polecat, token);
  if (live === null) return late(polecat, token);
  const { bead, name } = live;
  const found = threadIn(draft, bead, thread);
  if (found === null || toldOf(found) === null) return refused('no_such', { what: 'comment', id: thread });
  if (found.notes.some((one) => one.call === call)) return null;
  const said = words.trim() !== '';
  if (!said && !resolve) return refused('empty', { what: 'words' });
  if (words.trim().length > mostWords) return refused('invalid', { what: 'words', value: words.length });
  if (said && found.notes.length >= mostNotes) return refused('review_full', { max: mostNotes });
  const { at } = draft;
  if (said) draft.emit({ type: 'review.replied', bead, thread, agent: name, words: words.trim(), call, at });
  // What a person reopened is theirs to close.
  if (resolve && (found.state === 'sent' || found.state === 'answered'))
    draft.emit({ type: 'review.resolved', bead, thread, agent: name, at });
  return null;
}
