import { isOpen } from '../bead.ts';
import type { Command } from '../command.ts';
import type { AskId, Instant } from '../ids.ts';
import type { Doing, DoingKind, Note, Polecat, Session } from '../polecat.ts';
import { type Reason, type ReasonCode, reason } from '../reason.ts';
import { maxReminders } from './done.ts';
import { type Draft, type Refusal, late, refused } from './draft.ts';

export type AgentCommand = Extract<
  Command,
  { type: 'sawAgent' | 'sawConversation' | 'endTurn' | 'noteWork' | 'forgetCheckpoint' | 'handOff' }
>;

/** How long an account is left alone whose vendor did not say when it gives again. */
const unknownLimitMs = 5 * 60 * 1000;
/** Longer than any window that a vendor is known to have: a week. */
const longestLimitMs = 8 * 24 * 60 * 60 * 1000;

/** What a person is asked to look at in the agent's own terminal. */
const attention: Readonly<Partial<Record<DoingKind, ReasonCode>>> = {
  login: 'agent_needs_login',
  dialog: 'agent_shows_dialog',
  silent: 'agent_silent',
};

/** What a session makes way for. */
const makesWay: Readonly<Partial<Record<DoingKind, ReasonCode>>> = {
  limited: 'agent_limited',
  overloaded: 'vendor_overloaded',
};

/** What an agent's own signals say of it, and what it says itself beside *done*. */
export function decideAgent(draft: Draft, polecat: Polecat, command: AgentCommand): Refusal | null {
  const { session } = polecat;
  const status = draft.state.beads[polecat.bead]?.status;
  if (session === null) return late(polecat.id, command.token);
  if (status === undefined || !isOpen(status))
    return refused('not_now', { bead: polecat.bead, status: status ?? null });
  switch (command.type) {
    case 'sawAgent':
      return saw(draft, polecat, session, command.doing, command.ask);
    case 'sawConversation':
      return talksIn(draft, polecat, session, command.conversation);
    case 'endTurn':
      return endTurn(draft, polecat, session, command.ask);
    case 'noteWork':
      return keepNote(draft, polecat, command.note);
    case 'forgetCheckpoint':
      if (polecat.notes.some((one) => one.kind === 'checkpoint'))
        draft.emit({ type: 'polecat.unnoted', polecat: polecat.id, at: draft.at });
      return null;
    case 'handOff':
      return handOff(draft, polecat, session, command.note);
  }
}

/** Has a session brought to its end; what comes after it is in `wants`. */
export function leave(draft: Draft, polecat: Polecat, session: Session, why: Reason): void {
  if (session.leaving !== null) return;
  const { token } = session;
  draft.emit({ type: 'session.leaving', polecat: polecat.id, token, reason: why, at: draft.at });
}

function saw(draft: Draft, polecat: Polecat, session: Session, seen: Doing, ask: AskId): Refusal | null {
  const doing = makesWay[seen.kind] === undefined ? seen : { ...seen, until: resetOf(draft, seen) };
  if (session.leaving !== null || same(session.doing, doing)) return null;
  const { token } = session;
  draft.emit({ type: 'session.doing', polecat: polecat.id, token, doing, at: draft.at });
  const code = attention[doing.kind] ?? (asksOnScreen(draft, polecat, doing) ? 'agent_shows_dialog' : null);
  const way = makesWay[doing.kind];
  if (way !== undefined)
    makeWay(draft, polecat, session, reason(way, { until: doing.until, detail: doing.detail }));
  else if (code !== null)
    needsAttention(draft, polecat, session, ask, reason(code, { detail: doing.detail }));
  else if (doing.kind === 'working' || doing.kind === 'idle') goesOn(draft, polecat, token, doing.kind);
  return null;
}

function same(a: Doing, b: Doing): boolean {
  return a.kind === b.kind && a.until === b.until && a.detail === b.detail;
}

/** Its dialog stands on its screen and no hook of it waits for an answer here. */
function asksOnScreen(draft: Draft, polecat: Polecat, doing: Doing): boolean {
  if (doing.kind !== 'permission') return false;
  return !Object.values(draft.state.asks).some(
    ({ answer, subject }) =>
      answer === null &&
      subject.kind === 'permission' &&
      subject.polecat === polecat.id &&
      subject.token === polecat.token,
  );
}

/** Nothing is given until an instant: the session makes way, and its bead goes on then. */
function makeWay(draft: Draft, polecat: Polecat, session: Session, why: Reason): void {
  leave(draft, polecat, session, why);
  goOnLater(draft, polecat, why);
}

/** One that is past, as where clocks differ, says as little as none; one far away is a mistake. */
function resetOf({ at }: Draft, { until }: Doing): Instant {
  if (until === null || until <= at) return at + unknownLimitMs;
  return Math.min(until, at + longestLimitMs);
}

/** What is being proven needs nobody; if it does later, whoever finds that out says so. */
function goOnLater(draft: Draft, polecat: Polecat, why: Reason): void {
  const status = draft.state.beads[polecat.bead]?.status;
  if (status === 'assigned' || status === 'in_progress') draft.want(polecat.id, 'resume', why);
}

function needsAttention(draft: Draft, polecat: Polecat, session: Session, ask: AskId, why: Reason): void {
  const { token } = session;
  dismiss(draft, (one) => one.subject.kind === 'attention' && one.subject.polecat === polecat.id);
  draft.raise(ask, polecat.bead, { kind: 'attention', polecat: polecat.id, token, reason: why });
}

/** What a person was to look at is over: they answered on the screen, or it went on by itself. */
function goesOn(draft: Draft, polecat: Polecat, token: number, kind: 'working' | 'idle'): void {
  dismiss(draft, ({ subject }) => {
    if (!('polecat' in subject) || subject.polecat !== polecat.id) return false;
    if (subject.kind === 'attention') return true;
    // That it works says nothing of one of its several calls; at the end of its turn none of them is open.
    if (subject.kind === 'permission') return kind === 'idle' && subject.token === token;
    return (
      subject.kind === 'stuck' && kind === 'working' && subject.reason.code === 'agent_ended_without_done'
    );
  });
}

type Open = Draft['state']['asks'][AskId];

function dismiss(draft: Draft, which: (ask: Open) => boolean): void {
  for (const ask of Object.values(draft.state.asks)) {
    if (ask.answer === null && which(ask)) draft.answer(ask.id, 'dismiss');
  }
}

function talksIn(draft: Draft, polecat: Polecat, session: Session, conversation: string): null {
  const { runner } = session.seat;
  // One that hands off begins anew, whatever its old session still says.
  if (session.leaving === null && polecat.conversations[runner] !== conversation) {
    const { token } = session;
    draft.emit({
      type: 'session.conversation',
      polecat: polecat.id,
      token,
      runner,
      conversation,
      at: draft.at,
    });
  }
  return null;
}

/** Accepted work lets its agent go; who has not called it done is told so twice, and then a person is asked. */
function endTurn(draft: Draft, polecat: Polecat, session: Session, ask: AskId): Refusal | null {
  const bead = draft.state.beads[polecat.bead];
  if (bead === undefined || session.leaving !== null || bead.status === 'reviewing') return null;
  // Its next session was promised meanwhile, as when its work came back from the queue.
  if (bead.status === 'contending' || bead.status === 'merging' || polecat.wants !== null) {
    leave(draft, polecat, session, polecat.wants?.feedback ?? reason('ended', { status: bead.status }));
    return null;
  }
  if (bead.status !== 'in_progress' || waitsForPerson(draft, polecat)) return null;
  // To go on is not the agent's to do.
  if (session.doing.kind === 'login' || makesWay[session.doing.kind] !== undefined) return null;
  const why = reason('agent_ended_without_done', { polecat: polecat.name, exitCode: null, signal: null });
  if (bead.reminders >= maxReminders) draft.raiseStuck(ask, polecat, why);
  else draft.emit({ type: 'bead.reminded', bead: bead.id, reason: why, at: draft.at });
  return null;
}

function waitsForPerson(draft: Draft, polecat: Polecat): boolean {
  return Object.values(draft.state.asks).some(
    ({ bead, answer, subject }) =>
      bead === polecat.bead && answer === null && (subject.kind === 'stuck' || subject.kind === 'question'),
  );
}

/** Said again under the same id, it is the same note. */
function keepNote(draft: Draft, polecat: Polecat, note: Omit<Note, 'at'>): null {
  if (!polecat.notes.some((one) => one.id === note.id))
    draft.emit({ type: 'polecat.noted', polecat: polecat.id, note: { ...note, at: draft.at }, at: draft.at });
  return null;
}

/** A fresh session knows what the checkpoint says, and not what filled the old one. */
function handOff(draft: Draft, polecat: Polecat, session: Session, note: Omit<Note, 'at'>): null {
  if (polecat.notes.some((one) => one.id === note.id)) return null;
  keepNote(draft, polecat, note);
  const { token, seat } = session;
  const forget = { runner: seat.runner, conversation: null };
  draft.emit({ type: 'session.conversation', polecat: polecat.id, token, ...forget, at: draft.at });
  const why = reason('handed_off');
  leave(draft, polecat, session, why);
  goOnLater(draft, polecat, why);
  return null;
}
